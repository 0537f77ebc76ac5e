#pragma once

#include <chrono>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/engine/exchange_time.hpp"

namespace toxvol::engine {

/// Mean shown depth of one side over the last whole UTC minute (X6):
/// Σ(bid_qty + ask_qty)·dt / (2·Σdt), floored to the lot. What is carried into a minute counts if
/// it is of the same UTC day; without any quote the mean is 0. Times ascend.
class DepthMeter {
 public:
  /// A quote row shows `both` = bid_qty + ask_qty from `now` on.
  void on(ExchangeTime now, Qty both) {
    if (now != since_) advance(now);
    both_ = both;
    known_ = true;
  }
  /// Of the last whole minute before `now`.
  [[nodiscard]] Qty mean(ExchangeTime now, Qty lot);

 private:
  using Minute = std::chrono::sys_time<std::chrono::minutes>;

  void advance(ExchangeTime now);

  ExchangeTime since_{};  // up to here everything is summed
  Minute minute_{};       // the one being summed
  bool known_ = false;    // a quote is in force
  Qty both_{};
  Int128 sum_ = 0;  // of this minute, × ms
  Milliseconds duration_{};
  Int128 last_sum_ = 0;  // of the minute before
  Milliseconds last_duration_{};
};

}  // namespace toxvol::engine
