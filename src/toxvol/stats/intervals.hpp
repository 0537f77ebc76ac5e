#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {

struct Range {
  double lo = 0.0;
  double hi = 0.0;
};

/// The k-th smallest and the k-th largest, k = ⌊(B + 1)·.025⌋, of B resampled values (R13): a
/// percentile interval of 95 %. Empty below 39 values. The order of `values` is changed.
[[nodiscard]] std::optional<Range> percentile_range(std::vector<double>& values);

/// Intervals of a series' mean and Sharpe ratio, in its units (R13, R65). Empty below 30 numbers
/// (10 with `Stream::Positions`), and the ranges without spread.
struct SeriesIntervals {
  std::optional<std::int64_t> length;  // mean block, or S of R65
  std::optional<Range> mean;
  std::optional<Range> sharpe;
};
/// Of each column; columns of equal block length share their resampled rows.
[[nodiscard]] std::vector<SeriesIntervals> intervals(const MatrixView& series,
                                                     const Resampling& how);

/// `percentile`, `fixed_b`.
[[nodiscard]] std::string_view name(IntervalMethod method);
[[nodiscard]] std::optional<IntervalMethod> interval_method_named(std::string_view word);

/// Σnumerator/Σdenominator of positions with its interval (R13, R54): the break-even fee.
struct RatioInterval {
  std::optional<double> ratio;  // empty where Σdenominator is 0
  std::optional<std::int64_t>
      length;                  // mean block, that of the numerator; empty below 10 positions
  std::optional<Range> range;  // also empty where a resampled Σdenominator is not above 0
};
/// As many numerators as denominators.
[[nodiscard]] RatioInterval ratio_interval(std::span<const double> numerator,
                                           std::span<const double> denominator,
                                           const Resampling& how);

/// The difference b − a of two series over the same times, and that of their Sharpe ratios, both
/// from the same resampled rows (R20).
struct Pair {
  std::optional<double> d;             // mean difference; empty without rows
  std::optional<std::int64_t> length;  // mean block; empty below 30 rows
  std::optional<double> t;             // R16; empty also where b − a has no spread
  std::optional<double> p;             // two-sided, by the bootstrap (R18)
  std::optional<Range> range;
  std::optional<double> d_sharpe;  // empty where one of the two has no spread
  std::optional<Range> d_sharpe_range;
};

}  // namespace toxvol::stats
