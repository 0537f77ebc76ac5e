#include "toxvol/stats/newey_west.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "toxvol/stats/moments.hpp"

namespace toxvol::stats {

std::size_t newey_west_lags(std::size_t n) {
  const double lags = 4.0 * std::pow(static_cast<double>(n) / 100.0, 2.0 / 9.0);
  return static_cast<std::size_t>(lags + 1e-9);  // n = 51,200 gives 16, whatever pow rounds to
}

std::vector<double> centred(std::span<const double> series) {
  const double mean = moments_of(series).mean();
  std::vector<double> x(series.begin(), series.end());
  for (double& value : x) value -= mean;
  return x;
}

double autocovariance(std::span<const double> x, std::size_t lag) {
  if (lag >= x.size()) return 0.0;
  const double* const now = x.data() + lag;
  const double* const then = x.data();
  const std::size_t terms = x.size() - lag;
  // Four sums in a fixed order: a chain of additions is slower than memory.
  double sums[4] = {};
  std::size_t t = 0;
  for (; t + 4 <= terms; t += 4) {
    for (std::size_t i = 0; i < 4; ++i) sums[i] += now[t + i] * then[t + i];
  }
  for (; t < terms; ++t) sums[0] += now[t] * then[t];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) / static_cast<double>(x.size());
}

double long_run_variance(std::span<const double> x, std::size_t lags) {
  double sum = autocovariance(x, 0);
  for (std::size_t k = 1; k <= lags; ++k) {
    const double weight = 1.0 - static_cast<double>(k) / static_cast<double>(lags + 1);
    sum += 2.0 * weight * autocovariance(x, k);
  }
  return std::max(sum, 0.0);  // below it by rounding alone
}

}  // namespace toxvol::stats
