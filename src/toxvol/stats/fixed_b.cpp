#include "toxvol/stats/fixed_b.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/newey_west.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace toxvol::stats {

std::size_t fixed_b_bandwidth(std::size_t n) {
  constexpr double kRate = 1.3;
  return static_cast<std::size_t>(std::ceil(kRate * std::sqrt(static_cast<double>(n)) - 1e-9));
}

double fixed_b_critical(double b) {
  // The row for Bartlett's weights at 97.5 %, one-sided.
  return 1.9600 + b * (2.9694 + b * (0.4160 - b * 0.5324));
}

SeriesIntervals fixed_b_intervals(std::span<const double> series) {
  TOXVOL_ASSERT(series.size() >= 2);
  const std::size_t bandwidth = fixed_b_bandwidth(series.size());
  SeriesIntervals result;
  result.length = static_cast<std::int64_t>(bandwidth);
  const Moments moments = moments_of(series);
  const auto sample = sharpe_sample(moments);
  if (!sample) return result;
  const auto n = static_cast<double>(series.size());
  const double critical = fixed_b_critical(static_cast<double>(bandwidth) / n);
  const auto around = [&](double value, std::span<const double> x) {
    const double half = critical * std::sqrt(long_run_variance(centred(x), bandwidth - 1) / n);
    return Range{.lo = value - half, .hi = value + half};
  };
  result.mean = around(moments.mean(), series);
  result.sharpe = around(sample->sharpe, influence_on_sharpe(series, moments));
  return result;
}

}  // namespace toxvol::stats
