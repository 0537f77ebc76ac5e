#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

/// Records of one day.
namespace toxvol::quality {

constexpr Day kDate{std::chrono::year{2024} / 1 / 15};
const Timestamp kStart{kDate};

inline Price price(double value) {
  return Price::from_raw(std::llround(value * 1e8));
}
inline Qty qty(double value) {
  return Qty::from_raw(std::llround(value * 1e8));
}

inline Trade trade(std::int64_t id, Duration at) {
  return {.ts_event = kStart + at,
          .agg_trade_id = id,
          .price = price(100.0),
          .qty = qty(1.0),
          .aggressor = Side::Buy};
}

inline Bar bar(Duration open, double volume = 1.0, double at = 100.0) {
  return {.ts_event = kStart + open + kMinute,
          .open = price(at),
          .high = price(at),
          .low = price(at),
          .close = price(at),
          .volume = qty(volume)};
}

}  // namespace toxvol::quality
