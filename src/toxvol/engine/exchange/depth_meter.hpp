#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"

namespace toxvol::engine {

/// Mean shown depth of one side over the last whole UTC minute (X6):
/// Σ(bid_qty + ask_qty)·dt / (2·Σdt), floored to the lot. What is carried into a minute counts if
/// it is of the same UTC day; without any quote the mean is 0. Times in ms, ascending.
class DepthMeter {
 public:
  /// A quote row shows `both` = bid_qty + ask_qty from `ms` on.
  void on(std::int64_t ms, Qty both) {
    if (ms != since_) advance(ms);
    both_ = both;
    known_ = true;
  }
  /// Of the last whole minute before `ms`.
  [[nodiscard]] Qty mean(std::int64_t ms, Qty lot);

 private:
  static constexpr std::int64_t kMinuteMs = 60'000;
  static constexpr std::int64_t kMinutesPerDay = 1'440;

  void advance(std::int64_t ms);

  std::int64_t since_ = 0;   // up to here everything is summed
  std::int64_t minute_ = 0;  // the one being summed
  bool known_ = false;       // a quote is in force
  Qty both_{};
  Int128 sum_ = 0;  // of this minute
  std::int64_t duration_ = 0;
  Int128 last_sum_ = 0;  // of the minute before
  std::int64_t last_duration_ = 0;
};

}  // namespace toxvol::engine
