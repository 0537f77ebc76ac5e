#include "toxvol/stats/family.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/order.hpp"
#include "toxvol/stats/resampled_sums.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/stats/stepdown.hpp"

namespace toxvol::stats {

namespace {

/// Weights below this change no digit: |γ_i| ≤ γ₀, and n of them stay below 1e-15.
constexpr double kNoWeight = 1e-22;

/// The columns of a family that have spread, their common block and deviations.
struct Kept {
  std::vector<std::size_t> columns;
  std::int64_t length = 1;
  std::vector<double> means;
  std::vector<double> omegas;
};

std::optional<Kept> kept_columns(const MatrixView& differences) {
  if (differences.rows < kLeastOfInterval) return std::nullopt;
  std::vector<std::size_t> columns;
  std::vector<std::int64_t> lengths;
  for (std::size_t j = 0; j < differences.columns; ++j) {
    const BlockLength block = block_length(differences.column(j));
    if (!block.b) continue;
    columns.push_back(j);
    lengths.push_back(block.length);
  }
  if (columns.empty()) return std::nullopt;
  Kept kept{.columns = {}, .length = median(std::move(lengths)), .means = {}, .omegas = {}};
  for (const std::size_t j : columns) {
    const std::vector<double> series = differences.column(j);
    const auto omega = bootstrap_deviation(series, kept.length);
    if (!omega) continue;
    kept.columns.push_back(j);
    kept.means.push_back(moments_of(series).mean());
    kept.omegas.push_back(*omega);
  }
  if (kept.columns.empty()) return std::nullopt;
  return kept;
}

Matrix taken(const MatrixView& matrix, std::span<const std::size_t> columns) {
  Matrix result{matrix.rows, columns.size()};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    result.set_column(i, matrix.column(columns[i]));
  }
  return result;
}

Family empty_family(std::size_t columns) {
  Family result;
  result.omega.resize(columns);
  result.t.resize(columns);
  result.p_one_sided.resize(columns);
  result.p_two_sided.resize(columns);
  return result;
}

Family result_of(const Stepdown& stepdown, const Kept& kept, std::size_t columns) {
  Family result = empty_family(columns);
  result.length = kept.length;
  result.largest = stepdown.largest();
  result.p_lower = stepdown.p_lower();
  result.p_consistent = stepdown.p_consistent();
  result.p_upper = stepdown.p_upper();
  result.c95 = stepdown.c95();
  const std::vector<double> one_sided = stepdown.p_one_sided();
  const std::vector<double> two_sided = stepdown.p_two_sided();
  for (std::size_t i = 0; i < kept.columns.size(); ++i) {
    const std::size_t j = kept.columns[i];
    result.omega[j] = kept.omegas[i];
    result.t[j] = stepdown.t()[i];
    result.p_one_sided[j] = one_sided[i];
    result.p_two_sided[j] = two_sided[i];
  }
  return result;
}

/// What R20 says without resampling.
Pair point_estimates(std::span<const double> a, std::span<const double> b,
                     std::span<const double> difference) {
  Pair result;
  if (!difference.empty()) result.d = moments_of(difference).mean();
  const auto of_a = sharpe_sample(moments_of(a));
  const auto of_b = sharpe_sample(moments_of(b));
  if (of_a && of_b) result.d_sharpe = of_b->sharpe - of_a->sharpe;
  return result;
}

std::vector<double> difference(std::span<const double> a, std::span<const double> b) {
  TOXVOL_ASSERT(a.size() == b.size());
  std::vector<double> result(b.begin(), b.end());
  for (std::size_t row = 0; row < result.size(); ++row) result[row] -= a[row];
  return result;
}

}  // namespace

std::optional<double> bootstrap_deviation(std::span<const double> series, std::int64_t length) {
  const std::vector<double> x = centred(series);
  const std::size_t n = x.size();
  const double stay = 1.0 - 1.0 / static_cast<double>(length);
  double variance = autocovariance(x, 0);
  for (std::size_t i = 1; i < n; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(n);
    const double weight = (1.0 - share) * std::pow(stay, static_cast<double>(i)) +
                          share * std::pow(stay, static_cast<double>(n - i));
    if (weight < kNoWeight) continue;
    variance += 2.0 * weight * autocovariance(x, i);
  }
  if (!moments_of(series).has_spread() || !(variance > 0.0)) return std::nullopt;
  return std::sqrt(variance);
}

Family family(const MatrixView& differences, const Resampling& how) {
  const auto kept = kept_columns(differences);
  if (!kept) return empty_family(differences.columns);
  const Matrix matrix = taken(differences, kept->columns);
  Stepdown stepdown{kept->means, kept->omegas, differences.rows};
  const auto rows = resampled_rows(differences.rows, kept->length, how);
  ResampledSums sums{matrix.view(), false};
  std::vector<std::uint32_t> scratch;
  std::vector<double> means(kept->columns.size());
  for (std::size_t b = 0; b < static_cast<std::size_t>(how.resamples); ++b) {
    sums.take(rows->row(b, scratch));
    for (std::size_t i = 0; i < means.size(); ++i) means[i] = sums.mean(i);
    stepdown.add(means);
  }
  return result_of(stepdown, *kept, differences.columns);
}

BaseComparison compare_with_base(const MatrixView& returns, std::span<const double> base,
                                 const Resampling& how) {
  TOXVOL_ASSERT(base.size() == returns.rows);
  const std::size_t columns = returns.columns;
  BaseComparison result{.family = empty_family(columns), .pairs = {}};
  Matrix differences{returns.rows, columns};
  Matrix all{returns.rows, columns + 1};  // the base is the last
  all.set_column(columns, base);
  for (std::size_t j = 0; j < columns; ++j) {
    const std::vector<double> series = returns.column(j);
    const std::vector<double> d = difference(base, series);
    differences.set_column(j, d);
    all.set_column(j, series);
    result.pairs.push_back(point_estimates(base, series, d));
  }
  const auto kept = kept_columns(differences.view());
  if (!kept) return result;

  const auto resamples = static_cast<std::size_t>(how.resamples);
  const Matrix matrix = taken(differences.view(), kept->columns);
  Stepdown stepdown{kept->means, kept->omegas, returns.rows};
  const auto rows = resampled_rows(returns.rows, kept->length, how);
  ResampledSums of_differences{matrix.view(), false};
  ResampledSums of_returns{all.view(), true};
  std::vector<std::uint32_t> scratch;
  std::vector<double> means(kept->columns.size());
  std::vector<std::vector<double>> d(means.size(), std::vector<double>(resamples));
  std::vector<std::vector<double>> d_sharpe = d;
  for (std::size_t b = 0; b < resamples; ++b) {
    const auto taken_rows = rows->row(b, scratch);
    of_differences.take(taken_rows);
    of_returns.take(taken_rows);
    const double base_sharpe = of_returns.sharpe(columns);
    for (std::size_t i = 0; i < means.size(); ++i) {
      means[i] = of_differences.mean(i);
      d[i][b] = means[i];
      d_sharpe[i][b] = of_returns.sharpe(kept->columns[i]) - base_sharpe;
    }
    stepdown.add(means);
  }
  result.family = result_of(stepdown, *kept, columns);
  for (std::size_t i = 0; i < means.size(); ++i) {
    Pair& pair = result.pairs[kept->columns[i]];
    pair.length = kept->length;
    pair.t = stepdown.t()[i];
    pair.p = 2.0 * normal_cdf(-std::abs(*pair.t));
    pair.range = percentile_range(d[i]);
    if (pair.d_sharpe) pair.d_sharpe_range = percentile_range(d_sharpe[i]);
  }
  return result;
}

Pair pair(std::span<const double> a, std::span<const double> b, const Resampling& how) {
  Matrix series{b.size(), 1};
  series.set_column(0, b);
  BaseComparison compared = compare_with_base(series.view(), a, how);
  Pair result = compared.pairs.front();
  result.p = compared.family.p_two_sided.front();
  if (b.size() >= kLeastOfInterval && !result.length) result.length = 1;  // b − a has no spread
  return result;
}

}  // namespace toxvol::stats
