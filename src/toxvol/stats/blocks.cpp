#include "toxvol/stats/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"

namespace toxvol::stats {

namespace {

/// max(5, ⌊log₁₀ n⌋), in integers.
std::size_t run_length(std::size_t n) {
  std::size_t digits = 0;
  for (; n >= 10; n /= 10) ++digits;
  return std::max<std::size_t>(5, digits);
}

/// M: beyond it autocovariances do not count. `gamma` holds the lags 0 … m_max.
std::size_t bandwidth(std::span<const double> gamma, std::size_t n, std::size_t run,
                      std::size_t m_max) {
  const auto size = static_cast<double>(n);
  const double bound = 2.0 * std::sqrt(std::log10(size) / size);
  const auto is_small = [&](std::size_t lag) { return std::abs(gamma[lag] / gamma[0]) < bound; };
  for (std::size_t m = 1; m + run <= m_max; ++m) {
    std::size_t lag = m;
    while (lag < m + run && is_small(lag)) ++lag;
    if (lag == m + run) return std::min(2 * m, m_max);
  }
  return m_max;
}

}  // namespace

BlockLength block_length(std::span<const double> series) {
  if (!moments_of(series).has_spread()) return {};
  const std::size_t n = series.size();
  const auto size = static_cast<double>(n);
  const std::size_t run = run_length(n);
  const std::size_t m_max = static_cast<std::size_t>(std::ceil(std::sqrt(size))) + run;
  const std::vector<double> x = centred(series);
  std::vector<double> gamma(m_max + 1);
  for (std::size_t k = 0; k <= m_max; ++k) gamma[k] = autocovariance(x, k);

  const std::size_t m = bandwidth(gamma, n, run, m_max);
  double slope = 0.0;
  double spectrum = gamma[0];
  for (std::size_t k = 1; k <= m; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(m);
    const double weight = 2 * k <= m ? 1.0 : 2.0 * (1.0 - share);
    slope += 2.0 * weight * static_cast<double>(k) * gamma[k];
    spectrum += 2.0 * weight * gamma[k];
  }
  const double most = std::ceil(std::min(3.0 * std::sqrt(size), size / 3.0));
  const double ratio = slope == 0.0 ? 0.0 : std::abs(slope / spectrum);  // spectrum 0: infinite
  const double b = std::min(std::pow(ratio, 2.0 / 3.0) * std::cbrt(size), most);
  return {.b = b, .length = std::max<std::int64_t>(1, std::llround(std::ceil(b - 1e-9)))};
}

}  // namespace toxvol::stats
