#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

#include "toxvol/core/workers.hpp"

namespace toxvol::catalog {

/// `jobs` threads for items (files, say) and for the pieces that items are made of. A thread takes
/// an item while there is one, and then helps with the pieces of items that others have in hand.
class ThreadPool final : public Workers {
 public:
  explicit ThreadPool(int jobs);

  /// Runs `work(i)` for i < count. The first exception stops the others and comes out.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& work);
  /// Runs `work` on the calling thread; the others do the pieces that it starts. Throws what it
  /// throws.
  void accompany(const std::function<void()>& work);

  [[nodiscard]] std::size_t ahead() const override;
  void start(std::shared_ptr<Piece> piece) override;
  void finish(Piece& piece) override;
  void drop(Piece& piece) noexcept override;

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Items;

  void serve(Items& items);
  void work_on(Items& items, Lock& lock);
  void run(Piece& piece, Lock& lock);
  /// One that nobody does, or nullptr.
  std::shared_ptr<Piece> take_waiting();
  void forget(const Piece& piece);

  std::size_t jobs_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Piece>> waiting_;
  std::size_t open_items_ = 0;
};

/// Runs `work(i)` for i < count on `jobs` threads. The first exception stops the others and comes
/// out.
void in_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work);

}  // namespace toxvol::catalog
