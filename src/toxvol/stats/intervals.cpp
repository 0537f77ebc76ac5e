#include "toxvol/stats/intervals.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/fixed_b.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/order.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/resampled_sums.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {

namespace {

constexpr double kTail = 0.025;  // on each side of the interval
constexpr std::array<std::string_view, 2> kMethods = {"percentile", "fixed_b"};

/// The intervals of all columns, which have one block length.
void fill(const MatrixView& series, std::int64_t length, const Resampling& how,
          std::span<SeriesIntervals* const> out) {
  const auto resamples = static_cast<std::size_t>(how.resamples);
  std::vector<std::vector<double>> means(series.columns, std::vector<double>(resamples));
  std::vector<std::vector<double>> ratios = means;
  const auto rows = resampled_rows(series.rows, length, how);
  ResampledSums sums{series, true};
  std::vector<std::uint32_t> scratch;
  for (std::size_t b = 0; b < resamples; ++b) {
    sums.take(rows->row(b, scratch));
    for (std::size_t j = 0; j < series.columns; ++j) {
      means[j][b] = sums.mean(j);
      ratios[j][b] = sums.sharpe(j);
    }
  }
  for (std::size_t j = 0; j < series.columns; ++j) {
    out[j]->mean = percentile_range(means[j]);
    out[j]->sharpe = percentile_range(ratios[j]);
  }
}

}  // namespace

std::optional<Range> percentile_range(std::vector<double>& values) {
  const auto k = static_cast<std::size_t>(static_cast<double>(values.size() + 1) * kTail + 1e-9);
  if (k < 1) return std::nullopt;
  const double lo = kth_smallest(values, k);
  return Range{.lo = lo, .hi = kth_smallest(values, values.size() + 1 - k)};
}

std::vector<SeriesIntervals> intervals(const MatrixView& series, const Resampling& how) {
  std::vector<SeriesIntervals> result(series.columns);
  const std::size_t least = how.stream == Stream::Positions ? kLeastPositions : kLeastOfInterval;
  if (series.rows < least) return result;
  if (how.method == IntervalMethod::FixedB) {
    for (std::size_t j = 0; j < series.columns; ++j) {
      result[j] = fixed_b_intervals(series.column(j));
    }
    return result;
  }
  std::map<std::int64_t, std::vector<std::size_t>> columns_of_length;
  for (std::size_t j = 0; j < series.columns; ++j) {
    const BlockLength block = block_length(series.column(j));
    result[j].length = block.length;
    if (block.b) columns_of_length[block.length].push_back(j);
  }
  for (const auto& [length, columns] : columns_of_length) {
    Matrix group{series.rows, columns.size()};
    std::vector<SeriesIntervals*> out;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      group.set_column(i, series.column(columns[i]));
      out.push_back(&result[columns[i]]);
    }
    fill(group.view(), length, how, out);
  }
  return result;
}

std::string_view name(IntervalMethod method) {
  return kMethods.at(static_cast<std::size_t>(method));
}

std::optional<IntervalMethod> interval_method_named(std::string_view word) {
  for (std::size_t i = 0; i < kMethods.size(); ++i) {
    if (kMethods.at(i) == word) return static_cast<IntervalMethod>(i);
  }
  return std::nullopt;
}

RatioInterval ratio_interval(std::span<const double> numerator, std::span<const double> denominator,
                             const Resampling& how) {
  const std::size_t n = numerator.size();
  TOXVOL_ASSERT(denominator.size() == n);
  double whole = 0.0;
  double part = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    part += numerator[i];
    whole += denominator[i];
  }
  RatioInterval result;
  if (whole != 0.0) result.ratio = part / whole;
  if (n < kLeastPositions) return result;
  result.length = block_length(numerator).length;
  if (!moments_of(numerator).has_spread() && !moments_of(denominator).has_spread()) return result;

  Matrix both{n, 2};
  both.set_column(0, numerator);
  both.set_column(1, denominator);
  const auto rows = resampled_rows(n, *result.length, how);
  ResampledSums sums{both.view(), false};
  std::vector<std::uint32_t> scratch;
  std::vector<double> ratios(static_cast<std::size_t>(how.resamples));
  for (std::size_t b = 0; b < ratios.size(); ++b) {
    sums.take(rows->row(b, scratch));
    if (!(sums.mean(1) > 0.0)) return result;
    ratios[b] = sums.mean(0) / sums.mean(1);
  }
  result.range = percentile_range(ratios);
  return result;
}

}  // namespace toxvol::stats
