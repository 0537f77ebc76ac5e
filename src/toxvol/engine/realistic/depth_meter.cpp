#include "toxvol/engine/realistic/depth_meter.hpp"

#include <chrono>
#include <cstdint>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/engine/exchange_time.hpp"

namespace toxvol::engine {
namespace {

constexpr std::chrono::minutes kOne{1};
constexpr std::chrono::minutes kDayMinutes = std::chrono::hours{24};

}  // namespace

void DepthMeter::advance(ExchangeTime now) {
  TOXVOL_ASSERT(now >= since_);
  const auto minute = std::chrono::time_point_cast<std::chrono::minutes>(now);
  while (minute_ < minute) {
    if (!known_) {  // nothing to carry: skip the empty minutes at once
      last_sum_ = minute_ + kOne == minute ? sum_ : Int128{0};
      last_duration_ = minute_ + kOne == minute ? duration_ : Milliseconds{};
      minute_ = minute;
      since_ = minute;
    } else {
      const ExchangeTime end = minute_ + kOne;
      last_sum_ = sum_ + Int128{both_.raw()} * (end - since_).count();
      last_duration_ = duration_ + (end - since_);
      since_ = end;
      minute_ += kOne;
      // Nothing is carried over 00:00.
      if (minute_.time_since_epoch() % kDayMinutes == kOne.zero()) known_ = false;
    }
    sum_ = 0;
    duration_ = {};
  }
  if (known_) {
    sum_ += Int128{both_.raw()} * (now - since_).count();
    duration_ += now - since_;
  }
  since_ = now;
}

Qty DepthMeter::mean(ExchangeTime now, Qty lot) {
  if (now != since_) advance(now);
  if (last_duration_ == Milliseconds{}) return Qty{};
  const auto mean = static_cast<std::int64_t>(last_sum_ / (2 * Int128{last_duration_.count()}));
  return Qty::from_raw(mean - mean % lot.raw());
}

}  // namespace toxvol::engine
