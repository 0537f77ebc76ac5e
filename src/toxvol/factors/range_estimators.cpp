#include "toxvol/factors/range_estimators.hpp"

#include <cmath>
#include <numbers>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::factors {
namespace {

// Parkinson (1980), eq. 1 of the doc page.
constexpr double kParkinson = 1.0 / (4.0 * std::numbers::ln2);
// Garman & Klass (1980), the practical form: eq. 2.
constexpr double kRangeWeight = 0.5;
constexpr double kBodyWeight = 2.0 * std::numbers::ln2 - 1.0;

}  // namespace

double log_ratio(Price a, Price b) noexcept {
  // The difference is exact in integers, so a move of one tick keeps all its digits.
  return std::log1p(static_cast<double>((a - b).raw()) / static_cast<double>(b.raw()));
}

double parkinson_variance(const Bar& bar) noexcept {
  const double range = log_ratio(bar.high, bar.low);
  return kParkinson * (range * range);
}

double garman_klass_variance(const Bar& bar) noexcept {
  const double range = log_ratio(bar.high, bar.low);
  const double body = log_ratio(bar.close, bar.open);
  return kRangeWeight * (range * range) - kBodyWeight * (body * body);
}

double rogers_satchell_variance(const Bar& bar) noexcept {
  const double up = log_ratio(bar.high, bar.close) * log_ratio(bar.high, bar.open);
  const double down = log_ratio(bar.low, bar.close) * log_ratio(bar.low, bar.open);
  return up + down;
}

}  // namespace toxvol::factors
