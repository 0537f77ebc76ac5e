#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace toxvol::stats {

/// Mean and central moments of a series in one pass (R8; Pébay 2008, eq. 1.5 with n_B = 1). A
/// series has spread unless all its numbers are equal.
class Moments {
 public:
  void add(double x);

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] bool has_spread() const { return m2_ > 0.0; }
  /// 0 before the first number.
  [[nodiscard]] double mean() const { return mean_; }
  /// Of the population, with n; empty without a number.
  [[nodiscard]] std::optional<double> population_deviation() const;
  /// With n − 1; empty below two numbers.
  [[nodiscard]] std::optional<double> standard_deviation() const;
  /// Of the population: m3/m2^1.5 and m4/m2² (raw: 3 for a normal). Empty without spread.
  [[nodiscard]] std::optional<double> skewness() const;
  [[nodiscard]] std::optional<double> kurtosis() const;

 private:
  std::int64_t count_ = 0;
  double mean_ = 0.0;
  double m2_ = 0.0;
  double m3_ = 0.0;
  double m4_ = 0.0;
};

[[nodiscard]] Moments moments_of(std::span<const double> series);

}  // namespace toxvol::stats
