#pragma once

#include <cstddef>
#include <span>

#include "toxvol/stats/intervals.hpp"

/// Intervals of 95 % that look back far enough for weak dependence that lasts long (R65).
namespace toxvol::stats {

/// S = ⌈1.3√n⌉, the lag from which on nothing counts (Lazarus, Lewis, Stock & Watson 2018).
[[nodiscard]] std::size_t fixed_b_bandwidth(std::size_t n);

/// What stands in the place of 1.96 where Bartlett's long-run variance looks back over the share
/// b = S/n, 0 < b ≤ 1, of the series (Kiefer & Vogelsang 2005, table 1).
[[nodiscard]] double fixed_b_critical(double b);

/// Mean and Sharpe ratio ± fixed_b_critical times their errors; `length` is S. The ranges are empty
/// without spread. `series` has two numbers at least.
[[nodiscard]] SeriesIntervals fixed_b_intervals(std::span<const double> series);

}  // namespace toxvol::stats
