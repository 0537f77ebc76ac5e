#pragma once

#include <chrono>

#include "toxvol/core/time.hpp"

namespace toxvol::engine {

/// The clock of the realistic exchange: whole milliseconds since the epoch, UTC (X2). It turns into
/// a `Timestamp` by itself; the other way loses something and has to be asked for.
using ExchangeTime = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

/// No time of a run. (It does not fit into a `Timestamp`.)
inline constexpr ExchangeTime kNever = ExchangeTime::max();

/// The millisecond that `ts` lies in.
[[nodiscard]] constexpr ExchangeTime exchange_time(Timestamp ts) {
  return std::chrono::floor<Milliseconds>(ts);
}

/// The same; `kNever` for `Timestamp::max()`, which is none.
[[nodiscard]] constexpr ExchangeTime exchange_time_or_never(Timestamp ts) {
  return ts == Timestamp::max() ? kNever : exchange_time(ts);
}

}  // namespace toxvol::engine
