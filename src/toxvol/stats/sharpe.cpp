#include "toxvol/stats/sharpe.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/held.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"

namespace toxvol::stats {

namespace {

constexpr double kLevel = 0.95;  // of the minimum track record

/// n − 1 times the variance of an estimated Sharpe ratio (Mertens 2002). Empty unless positive.
std::optional<double> ratio_variance(const SharpeSample& sample) {
  const double sr = sample.sharpe;
  const double variance = 1.0 - sample.skewness * sr + (sample.kurtosis - 1.0) / 4.0 * sr * sr;
  if (!(variance > 0.0)) return std::nullopt;
  return variance;
}

/// √(LRV(ψ)/n): the delta method.
double newey_west_error(std::span<const double> returns, const Moments& moments, std::size_t lags) {
  const std::vector<double> psi = influence_on_sharpe(returns, moments);
  return std::sqrt(long_run_variance(centred(psi), lags) / static_cast<double>(psi.size()));
}

}  // namespace

std::optional<SharpeSample> sharpe_sample(const Moments& moments) {
  const auto deviation = moments.standard_deviation();
  const auto skewness = moments.skewness();
  const auto kurtosis = moments.kurtosis();
  if (!deviation || !skewness || !kurtosis) return std::nullopt;  // no spread
  return SharpeSample{.sharpe = moments.mean() / *deviation,
                      .count = moments.count(),
                      .skewness = *skewness,
                      .kurtosis = *kurtosis};
}

std::vector<double> influence_on_sharpe(std::span<const double> returns, const Moments& moments) {
  const double mean = moments.mean();
  const double deviation = held(moments.population_deviation());
  std::vector<double> psi(returns.begin(), returns.end());
  for (double& value : psi) {
    const double z = (value - mean) / deviation;
    value = z - 0.5 * (mean / deviation) * (z * z - 1.0);
  }
  return psi;
}

std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) {
  const auto variance = ratio_variance(sample);
  if (sample.count < 2 || !variance) return std::nullopt;
  const double root = std::sqrt(static_cast<double>(sample.count - 1));
  return normal_cdf((sample.sharpe - benchmark) * root / std::sqrt(*variance));
}

Sharpe sharpe(std::span<const double> returns) {
  const Moments moments = moments_of(returns);
  Sharpe result;
  result.lags = newey_west_lags(returns.size());
  const auto sample = sharpe_sample(moments);
  if (!sample) return result;
  const auto n = static_cast<double>(returns.size());
  result.sharpe = sample->sharpe;
  result.se_nw = newey_west_error(returns, moments, result.lags);
  result.mean_se = std::sqrt(long_run_variance(centred(returns), result.lags) / n);
  result.psr = probabilistic_sharpe(*sample, 0.0);
  if (*result.se_nw > 0.0) result.psr_nw = normal_cdf(sample->sharpe / *result.se_nw);
  if (const auto variance = ratio_variance(*sample)) {
    result.se_iid = std::sqrt(*variance / (n - 1.0));
    if (sample->sharpe > 0.0) {
      const double ratio = inverse_normal(kLevel) / sample->sharpe;
      result.min_trl = 1.0 + *variance * ratio * ratio;
    }
  }
  return result;
}

}  // namespace toxvol::stats
