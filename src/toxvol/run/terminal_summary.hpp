#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "toxvol/run/run_info.hpp"
#include "toxvol/run/summary.hpp"

namespace toxvol::run {

/// A Sharpe ratio of fewer days than this is not told as one of a year, here or on a page.
inline constexpr double kLeastDaysOfYear = 30.0;

/// Fewer closed positions than this say nothing of the sign of a result, here or on a page.
inline constexpr std::int64_t kFewPositions = 30;

/// For the terminal, a line each, no line end: the funnel with the share that passed each step, and
/// the reasons by frequency.
[[nodiscard]] std::vector<std::string> funnel_lines(const Summary& summary);

/// One screen: what ran, money, ratios, then the funnel; of an order script none.
[[nodiscard]] std::vector<std::string> summary_lines(const RunInfo& info, const Summary& summary);

}  // namespace toxvol::run
