#include "toxvol/run/inference.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

namespace toxvol::run {

void Moments::add(double x) {
  const auto before = static_cast<double>(count_);
  ++count_;
  const auto n = static_cast<double>(count_);
  const double delta = x - mean_;
  const double delta_n = delta / n;
  const double delta_n2 = delta_n * delta_n;
  const double term = delta * delta_n * before;
  mean_ += delta_n;
  m4_ += term * delta_n2 * (n * n - 3.0 * n + 3.0) + 6.0 * delta_n2 * m2_ - 4.0 * delta_n * m3_;
  m3_ += term * delta_n * (n - 2.0) - 3.0 * delta_n * m2_;
  m2_ += term;
}

std::optional<double> Moments::standard_deviation() const {
  if (count_ < 2) return std::nullopt;
  return std::sqrt(m2_ / static_cast<double>(count_ - 1));
}

std::optional<double> Moments::skewness() const {
  if (!(m2_ > 0.0)) return std::nullopt;
  return std::sqrt(static_cast<double>(count_)) * m3_ / std::pow(m2_, 1.5);
}

std::optional<double> Moments::kurtosis() const {
  if (!(m2_ > 0.0)) return std::nullopt;
  return static_cast<double>(count_) * m4_ / (m2_ * m2_);
}

double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

double normal_quantile(double p) {
  // Bisection: called a few times a run, and exact to the last bit that normal_cdf can tell.
  double low = -40.0;
  double high = 40.0;
  for (int step = 0; step < 128; ++step) {
    const double middle = 0.5 * (low + high);
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) {
  if (sample.count < 2) return std::nullopt;
  const double sr = sample.sharpe;
  const double variance = 1.0 - sample.skewness * sr + (sample.kurtosis - 1.0) / 4.0 * sr * sr;
  if (!(variance > 0.0)) return std::nullopt;
  const double root = std::sqrt(static_cast<double>(sample.count - 1));
  return normal_cdf((sr - benchmark) * root / std::sqrt(variance));
}

double expected_largest_sharpe(double variance, std::int64_t trials) {
  if (trials < 2) return 0.0;
  const auto n = static_cast<double>(trials);
  constexpr double kGamma = std::numbers::egamma;
  return std::sqrt(variance) * ((1.0 - kGamma) * normal_quantile(1.0 - 1.0 / n) +
                                kGamma * normal_quantile(1.0 - 1.0 / (n * std::numbers::e)));
}

}  // namespace toxvol::run
