#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/rows.hpp"

namespace toxvol::evaluate::test {

inline constexpr Timestamp kStart{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

/// The end of the n-th minute.
inline Timestamp minute(std::int64_t n) {
  return kStart + n * kMinute;
}

inline Price price(double value) {
  return Price::from_raw(static_cast<std::int64_t>(value * static_cast<double>(Price::kOne)));
}

/// A decision row with a mid.
inline Row row(std::int64_t n, double mid) {
  Row made;
  made.ts = minute(n);
  made.ts_init = made.ts + std::chrono::microseconds{800};
  made.decides = true;
  made.mid = mid;
  return made;
}

/// A bar that opens at its close, so that its range is nothing.
inline Bar bar(std::int64_t n, double close, double volume = 1.0) {
  Bar made;
  made.ts_event = minute(n);
  made.ts_init = made.ts_event;
  made.open = made.high = made.low = made.close = price(close);
  made.volume = Qty::from_raw(static_cast<std::int64_t>(volume * static_cast<double>(Qty::kOne)));
  made.count = volume > 0.0 ? 1 : 0;
  return made;
}

/// A quote with this mid, `ms` after the start.
inline Quote quote(std::int64_t ms, double mid) {
  Quote made;
  made.ts_event = made.ts_init = kStart + std::chrono::milliseconds{ms};
  made.bid = price(mid - 1.0);
  made.ask = price(mid + 1.0);
  return made;
}

/// Of one minute's return, where the price goes from 100 to 101 and back.
inline const double kSquare = std::pow(std::log(1.01), 2.0);

}  // namespace toxvol::evaluate::test
