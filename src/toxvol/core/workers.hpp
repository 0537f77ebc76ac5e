#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace toxvol {

/// Work that another thread may do while its owner goes on. Belongs to one `Workers`.
struct Piece {
  enum class State : std::uint8_t { Waiting, Running, Done };

  explicit Piece(std::function<void()> what) : work{std::move(what)} {}

  std::function<void()> work;
  State state = State::Waiting;
  std::exception_ptr failure;
};

/// Whoever does pieces of work. A result may not depend on who did which, or how many do them.
class Workers {
 public:
  Workers() = default;
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  virtual ~Workers() = default;

  /// How many pieces an owner should have started and not yet finished, at least 1. More of them
  /// fill memory and nothing else.
  [[nodiscard]] virtual std::size_t ahead() const = 0;
  /// From now on somebody may do `piece`. Does not wait; a piece may start others.
  virtual void start(std::shared_ptr<Piece> piece) = 0;
  /// Returns when the piece, which was started, is done. Throws what it threw.
  virtual void finish(Piece& piece) = 0;
  /// Returns when the piece, which was started, is done or will never be.
  virtual void drop(Piece& piece) noexcept = 0;
};

/// Nobody but the owner, when it wants a piece finished.
class Alone final : public Workers {
 public:
  [[nodiscard]] std::size_t ahead() const override { return 1; }
  void start(std::shared_ptr<Piece> /*piece*/) override {}
  void finish(Piece& piece) override {
    if (piece.state == Piece::State::Waiting) {
      piece.state = Piece::State::Done;
      piece.work();
    }
  }
  void drop(Piece& piece) noexcept override { piece.state = Piece::State::Done; }
};

}  // namespace toxvol
