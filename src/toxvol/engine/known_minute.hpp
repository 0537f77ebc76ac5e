#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// Where the UTC minute of `ts` begins.
[[nodiscard]] inline Timestamp minute_of(Timestamp ts) {
  return std::chrono::floor<std::chrono::minutes>(ts);
}

/// A UTC minute of a market, as every run sees it that folds ticks alike and is told of them after
/// the same delays, whatever it trades. docs/engine.md#known-minutes
struct KnownMinute {
  Timestamp begin{};

  // All ticks with their ts_event in it, usable or not.
  std::int64_t trades = 0;
  std::int64_t quotes = 0;
  std::int64_t usable_quotes = 0;
  Envelope prices;
  std::optional<Mark> mark;  // after the last tick before its end, of whatever minute

  // What the strategy is told of it, where it has a bar; `row.bar` is empty.
  bool has_row = false;
  MinuteRow row;
  std::optional<trading::Touch> touch;
};

}  // namespace toxvol::engine
