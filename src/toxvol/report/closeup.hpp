#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Quotes and trades so long before and after a moment.
inline constexpr Duration kCloseUp = std::chrono::minutes{2};

/// The quotes and trades around each of `moments`, which are read in one go: {from, seconds,
/// quotes: {frame, bid, ask}, trades: {frame, price, qty, side}, note}, packed, times in seconds
/// after `from`. Bounded: quotes keep the extremes of each stretch, trades the largest; `note` says
/// what was left out. Null where the market has neither. Throws as `market`.
[[nodiscard]] std::vector<Json> close_ups(const RunFolder& folder, const MarketReader& market,
                                          std::span<const Timestamp> moments);

}  // namespace toxvol::report
