#include "toxvol/stats/dsr.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/held.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace toxvol::stats {

double expected_largest(std::int64_t trials) {
  if (trials < 2) return 0.0;
  const auto n = static_cast<double>(trials);
  constexpr double kGamma = std::numbers::egamma;
  return (1.0 - kGamma) * inverse_normal(1.0 - 1.0 / n) +
         kGamma * inverse_normal(1.0 - 1.0 / (n * std::numbers::e));
}

EffectiveNumber effective_number(const MatrixView& returns) {
  std::vector<double> sums(returns.rows);
  std::int64_t trials = 0;
  for (std::size_t j = 0; j < returns.columns; ++j) {
    const std::vector<double> series = returns.column(j);
    const Moments moments = moments_of(series);
    if (!moments.has_spread()) continue;
    ++trials;
    const double mean = moments.mean();
    const double deviation = held(moments.population_deviation());
    for (std::size_t t = 0; t < series.size(); ++t) sums[t] += (series[t] - mean) / deviation;
  }
  if (trials == 0) return {};
  if (trials == 1) return {.rho = std::nullopt, .n_hat = 1.0};
  double squares = 0.0;
  for (const double sum : sums) squares += sum * sum;
  const auto m = static_cast<double>(trials);
  const double mean_correlation =
      (squares / static_cast<double>(returns.rows) - m) / (m * (m - 1.0));
  const double rho = std::clamp(mean_correlation, 0.0, 1.0);
  return {.rho = rho, .n_hat = rho + (1.0 - rho) * m};
}

DeflatedBenchmarks deflated_benchmarks(std::span<const double> z, double n_hat, std::size_t rows) {
  if (z.empty()) return {};
  DeflatedBenchmarks result;
  result.sr0 = 0.0;
  result.sr0_implied = 0.0;
  result.sr0_null = 0.0;
  if (z.size() == 1) return result;
  const auto trials = static_cast<std::int64_t>(z.size());
  const double spread = held(moments_of(z).standard_deviation());
  const double var_z = spread * spread;
  const double phi = (n_hat - 1.0) / static_cast<double>(trials - 1);
  const double degrees = static_cast<double>(rows) - 1.0;
  const double variance = std::max(var_z, phi) / degrees;
  const auto implied = static_cast<std::int64_t>(std::ceil(n_hat - 1e-9));
  result.var_z = var_z;
  result.phi = phi;
  result.variance = variance;
  result.sr0 = std::sqrt(variance) * expected_largest(trials);
  result.sr0_implied = std::sqrt(variance) * expected_largest(implied);
  result.sr0_null = std::sqrt(phi / degrees) * expected_largest(trials);
  return result;
}

Dsr deflated_sharpe(const MatrixView& returns, std::optional<std::size_t> column) {
  Dsr result;
  result.column = column;
  std::optional<SharpeSample> judged;
  std::vector<double> z;
  for (std::size_t j = 0; j < returns.columns; ++j) {
    const auto sample = sharpe_sample(moments_of(returns.column(j)));
    if (!sample) continue;
    z.push_back(sample->sharpe * std::sqrt(static_cast<double>(sample->count - 1)));
    if (column ? *column == j : !judged || sample->sharpe > judged->sharpe) {
      judged = sample;
      result.column = j;
    }
  }
  result.trials = static_cast<std::int64_t>(z.size());
  if (z.empty()) return result;
  result.number = effective_number(returns);
  result.benchmarks = deflated_benchmarks(z, held(result.number.n_hat), returns.rows);
  if (!judged) return result;
  result.dsr = probabilistic_sharpe(*judged, held(result.benchmarks.sr0));
  result.dsr_implied = probabilistic_sharpe(*judged, held(result.benchmarks.sr0_implied));
  result.dsr_null = probabilistic_sharpe(*judged, held(result.benchmarks.sr0_null));
  return result;
}

}  // namespace toxvol::stats
