#include "toxvol/engine/exchange/depth_meter.hpp"

#include <cstdint>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"

namespace toxvol::engine {

void DepthMeter::advance(std::int64_t ms) {
  TOXVOL_ASSERT(ms >= since_);
  const std::int64_t minute = ms / kMinuteMs;
  while (minute_ < minute) {
    if (!known_) {  // nothing to carry: skip the empty minutes at once
      last_sum_ = minute_ + 1 == minute ? sum_ : Int128{0};
      last_duration_ = minute_ + 1 == minute ? duration_ : 0;
      minute_ = minute;
      since_ = minute * kMinuteMs;
    } else {
      const std::int64_t end = (minute_ + 1) * kMinuteMs;
      last_sum_ = sum_ + Int128{both_.raw()} * (end - since_);
      last_duration_ = duration_ + (end - since_);
      since_ = end;
      ++minute_;
      if (minute_ % kMinutesPerDay == 0) known_ = false;  // nothing is carried over 00:00
    }
    sum_ = 0;
    duration_ = 0;
  }
  if (known_) {
    sum_ += Int128{both_.raw()} * (ms - since_);
    duration_ += ms - since_;
  }
  since_ = ms;
}

Qty DepthMeter::mean(std::int64_t ms, Qty lot) {
  if (ms != since_) advance(ms);
  if (last_duration_ == 0) return Qty{};
  const auto mean = static_cast<std::int64_t>(last_sum_ / (2 * Int128{last_duration_}));
  return Qty::from_raw(mean - mean % lot.raw());
}

}  // namespace toxvol::engine
