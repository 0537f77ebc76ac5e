#pragma once

#include <array>
#include <chrono>
#include <cstddef>

#include "toxvol/core/time.hpp"

namespace toxvol::engine {

/// NautilusTrader's limit on submitted orders: 100 in any second; once hit, everything is denied
/// until a timer ends it. Timers run after the data of their instant.
class Throttle {
 public:
  /// `is_seen_at_once`: else a timer that is set while other timers run is noticed at the next
  /// datum only, as in 1.221.
  explicit Throttle(bool is_seen_at_once) : is_seen_at_once_{is_seen_at_once} {}

  /// Whether an order sent at `now` passes.
  [[nodiscard]] bool admit(Timestamp now) {
    if (limiting_) return false;
    if (sent_ >= kLimit && now - times_[sent_ % kLimit] < kInterval) {
      limiting_ = true;
      scheduled_ = is_seen_at_once_;
      resume_ = times_[sent_ % kLimit] + kInterval;
      return false;
    }
    times_[sent_++ % kLimit] = now;
    return true;
  }

  /// When the timer that is noticed rings.
  [[nodiscard]] Timestamp timer() const { return scheduled_ ? resume_ : Timestamp::max(); }

  /// The next datum is at `now`: timers up to it are collected.
  void advance(Timestamp now) { scheduled_ = scheduled_ || (limiting_ && resume_ <= now); }
  /// Everything before `now` has happened.
  void reach(Timestamp now) {
    if (scheduled_ && resume_ < now) limiting_ = scheduled_ = false;
  }
  /// Whether the timer rings at `now`, ahead of other timers of that instant.
  [[nodiscard]] bool rings(Timestamp now) {
    if (!scheduled_ || resume_ != now) return false;
    limiting_ = scheduled_ = false;
    return true;
  }

 private:
  static constexpr std::size_t kLimit = 100;
  static constexpr Duration kInterval = std::chrono::seconds{1};

  bool is_seen_at_once_;
  std::array<Timestamp, kLimit> times_{};  // a ring: the next is the oldest
  std::size_t sent_ = 0;
  bool limiting_ = false;
  bool scheduled_ = false;
  Timestamp resume_{};
};

}  // namespace toxvol::engine
