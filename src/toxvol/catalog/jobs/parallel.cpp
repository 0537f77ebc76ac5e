#include "toxvol/catalog/jobs/parallel.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "toxvol/core/workers.hpp"

namespace toxvol::catalog {

namespace {

// Each item in hand holds its buffers (25 MB for a file of quotes). More threads than this help.
constexpr std::size_t kMostItems = 16;
constexpr std::size_t kMostAhead = 8;

}  // namespace

struct ThreadPool::Items {
  std::size_t count;
  const std::function<void(std::size_t)>& work;
  std::size_t next = 0;
  std::exception_ptr failure{};
};

ThreadPool::ThreadPool(int jobs) : jobs_{static_cast<std::size_t>(std::max(jobs, 1))} {}

void ThreadPool::for_each(std::size_t count, const std::function<void(std::size_t)>& work) {
  Items items{.count = count, .work = work};
  std::vector<std::jthread> threads;
  if (count > 0) {
    for (std::size_t i = 1; i < jobs_; ++i) threads.emplace_back([&] { serve(items); });
  }
  serve(items);
  threads.clear();  // joins
  if (items.failure) std::rethrow_exception(items.failure);
}

void ThreadPool::accompany(const std::function<void()>& work) {
  const std::function<void(std::size_t)> none;
  Items items{.count = 0, .work = none};
  const auto open = [this](std::size_t count) {
    const Lock lock{mutex_};
    open_items_ = count;
    changed_.notify_all();
  };
  open(1);  // until it is closed the others wait for pieces
  std::vector<std::jthread> threads;
  try {
    for (std::size_t i = 1; i < jobs_; ++i) threads.emplace_back([&] { serve(items); });
    work();
  } catch (...) {
    open(0);
    throw;
  }
  open(0);
}

void ThreadPool::serve(Items& items) {
  Lock lock{mutex_};
  for (;;) {
    if (items.next < items.count && open_items_ < kMostItems) {
      work_on(items, lock);
    } else if (const auto piece = take_waiting()) {
      run(*piece, lock);
    } else if (open_items_ == 0) {
      return;
    } else {
      changed_.wait(lock);
    }
  }
}

void ThreadPool::work_on(Items& items, Lock& lock) {
  const std::size_t which = items.next++;
  ++open_items_;
  lock.unlock();
  std::exception_ptr failure{};
  try {
    items.work(which);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  --open_items_;
  if (failure) {
    if (!items.failure) items.failure = failure;
    items.next = items.count;
  }
  changed_.notify_all();
}

void ThreadPool::run(Piece& piece, Lock& lock) {
  piece.state = Piece::State::Running;
  lock.unlock();
  std::exception_ptr failure{};
  try {
    piece.work();
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  piece.failure = std::move(failure);
  piece.state = Piece::State::Done;
  changed_.notify_all();
}

std::shared_ptr<Piece> ThreadPool::take_waiting() {
  if (waiting_.empty()) return nullptr;
  auto piece = std::move(waiting_.front());
  waiting_.pop_front();
  return piece;
}

void ThreadPool::forget(const Piece& piece) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const auto& other) { return other.get() == &piece; });
  if (found != waiting_.end()) waiting_.erase(found);
}

std::size_t ThreadPool::ahead() const {
  if (jobs_ == 1) return 1;
  const Lock lock{mutex_};
  const std::size_t share = jobs_ / std::max<std::size_t>(open_items_, 1);
  return std::min(share + 1, kMostAhead);
}

void ThreadPool::start(std::shared_ptr<Piece> piece) {
  const Lock lock{mutex_};
  waiting_.push_back(std::move(piece));
  changed_.notify_one();
}

void ThreadPool::finish(Piece& piece) {
  Lock lock{mutex_};
  while (piece.state != Piece::State::Done) {
    if (piece.state == Piece::State::Waiting) {
      forget(piece);
      run(piece, lock);
    } else if (const auto other = take_waiting()) {
      run(*other, lock);
    } else {
      changed_.wait(lock);
    }
  }
  if (piece.failure) std::rethrow_exception(piece.failure);
}

void ThreadPool::drop(Piece& piece) noexcept {
  Lock lock{mutex_};
  if (piece.state == Piece::State::Waiting) {
    forget(piece);
    piece.state = Piece::State::Done;
  }
  while (piece.state == Piece::State::Running) changed_.wait(lock);
}

void in_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work) {
  ThreadPool{jobs}.for_each(count, work);
}

}  // namespace toxvol::catalog
