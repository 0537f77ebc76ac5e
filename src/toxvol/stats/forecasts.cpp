#include "toxvol/stats/forecasts.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/distributions.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/regression.hpp"

namespace toxvol::stats {

namespace {

/// γ₀ + 2Σ_{k<h}γ_k, with Bartlett's weights where that is not positive.
double overlapping_variance(std::span<const double> x, std::size_t overlap) {
  double sum = autocovariance(x, 0);
  for (std::size_t k = 1; k < overlap; ++k) sum += 2.0 * autocovariance(x, k);
  return sum > 0.0 ? sum : long_run_variance(x, overlap - 1);
}

/// (θ − (0, 1))'V⁻¹(θ − (0, 1)).
std::optional<double> wald(double a, double b, std::span<const double> v) {
  const double determinant = v[0] * v[3] - v[1] * v[2];
  if (!(determinant > 0.0)) return std::nullopt;
  const double off = b - 1.0;
  return (v[3] * a * a - (v[1] + v[2]) * a * off + v[0] * off * off) / determinant;
}

}  // namespace

Losses losses(std::span<const double> y, std::span<const double> f) {
  TOXVOL_ASSERT(y.size() == f.size());
  Losses result;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double ratio = y[i] / f[i];
    result.qlike.push_back(ratio - std::log(ratio) - 1.0);
    result.mse.push_back((y[i] - f[i]) * (y[i] - f[i]));
  }
  return result;
}

DieboldMariano diebold_mariano(std::span<const double> first, std::span<const double> second,
                               std::size_t overlap) {
  TOXVOL_ASSERT(first.size() == second.size() && overlap >= 1);
  const std::size_t count = first.size();
  if (count < kLeastOfInterval) return {};
  std::vector<double> d(first.begin(), first.end());
  for (std::size_t i = 0; i < count; ++i) d[i] -= second[i];
  const Moments moments = moments_of(d);
  if (!moments.has_spread()) return {};
  TOXVOL_ASSERT(overlap < count);
  const double mean = moments.mean();
  const std::vector<double> x = centred(d);
  const auto n = static_cast<double>(count);
  const auto h = static_cast<double>(overlap);

  DieboldMariano result;
  const double variance = overlapping_variance(x, overlap);
  if (variance > 0.0) {
    result.dm = mean / std::sqrt(variance / n);
    result.hln = *result.dm * std::sqrt((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n);
    result.p = student_two_sided(*result.hln, n - 1.0);
  }
  const double persistent = long_run_variance(x, newey_west_lags(count));
  if (persistent > 0.0) {
    result.t_nw = mean / std::sqrt(persistent / n);
    result.p_nw = 2.0 * normal_cdf(-std::abs(*result.t_nw));
  }
  return result;
}

MincerZarnowitz mincer_zarnowitz(std::span<const double> y, std::span<const double> f,
                                 bool divided) {
  TOXVOL_ASSERT(y.size() == f.size());
  if (y.size() < kLeastOfInterval) return {};
  std::vector<double> left(y.begin(), y.end());
  std::vector<double> of_a(y.size(), 1.0);
  std::vector<double> of_b(f.begin(), f.end());
  if (divided) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      left[i] = y[i] / f[i];
      of_a[i] = 1.0 / f[i];
      of_b[i] = 1.0;
    }
  }
  Matrix x{y.size(), 2};
  x.set_column(0, of_a);
  x.set_column(1, of_b);
  const Regression fit = regress(left, x.view(), newey_west_lags(y.size()));
  MincerZarnowitz result;
  result.a = fit.coefficients[0];
  result.b = fit.coefficients[1];
  result.se_a = fit.errors[0];
  result.se_b = fit.errors[1];
  result.r2 = fit.r2;
  if (result.a && result.b) result.w = wald(*result.a, *result.b, fit.covariance);
  if (result.w) result.p = chi_squared_two(*result.w);
  return result;
}

}  // namespace toxvol::stats
