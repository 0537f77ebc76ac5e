#pragma once

#include <algorithm>
#include <cstdint>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// What becomes of a sum of z-scores (Z6): itself, or (M1) itself over the standard deviation of
/// its own history, from `min_count` prior sums on.
class TrailingScale {
 public:
  TrailingScale(ZScale scale, Duration window, std::int64_t min_count)
      : scale_{scale}, min_count_{min_count}, prior_{window} {}

  /// `ts` ascends strictly.
  Value update(Timestamp ts, Value sum) {
    if (scale_ != ZScale::Trailing) return sum;
    prior_.advance(ts);
    if (!sum) return sum;
    constexpr double kFloor = 1e-9;
    Value scaled;
    if (prior_.count() >= min_count_) scaled = *sum / std::max(prior_.sd(), kFloor);
    prior_.add(ts, *sum);
    return scaled;
  }

 private:
  ZScale scale_;
  std::int64_t min_count_;
  RollingMoments prior_;
};

}  // namespace toxvol::factors
