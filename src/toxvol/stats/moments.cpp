#include "toxvol/stats/moments.hpp"

#include <cmath>
#include <optional>
#include <span>

namespace toxvol::stats {

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

std::optional<double> Moments::population_deviation() const {
  if (count_ < 1) return std::nullopt;
  return std::sqrt(m2_ / static_cast<double>(count_));
}

std::optional<double> Moments::standard_deviation() const {
  if (count_ < 2) return std::nullopt;
  return std::sqrt(m2_ / static_cast<double>(count_ - 1));
}

std::optional<double> Moments::skewness() const {
  if (!has_spread()) return std::nullopt;
  return std::sqrt(static_cast<double>(count_)) * m3_ / std::pow(m2_, 1.5);
}

std::optional<double> Moments::kurtosis() const {
  if (!has_spread()) return std::nullopt;
  return static_cast<double>(count_) * m4_ / (m2_ * m2_);
}

Moments moments_of(std::span<const double> series) {
  Moments moments;
  for (const double x : series) moments.add(x);
  return moments;
}

}  // namespace toxvol::stats
