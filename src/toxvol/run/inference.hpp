#pragma once

#include <cstdint>
#include <optional>

namespace toxvol::run {

/// Central moments of a series in one pass (Pébay 2008, eq. 1.5 with n_B = 1).
class Moments {
 public:
  void add(double x);

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }
  /// With n − 1; empty below two values.
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

[[nodiscard]] double normal_cdf(double x);
/// Inverse of `normal_cdf`, 0 < p < 1.
[[nodiscard]] double normal_quantile(double p);

/// A Sharpe ratio and the shape of the returns that it is of, none annualised.
struct SharpeSample {
  double sharpe = 0.0;
  std::int64_t count = 0;
  double skewness = 0.0;
  double kurtosis = 3.0;  // raw
};

/// Probability that the true Sharpe ratio exceeds `benchmark` (Bailey & López de Prado 2012).
/// Empty below two returns or where the variance of the estimate is not positive.
[[nodiscard]] std::optional<double> probabilistic_sharpe(const SharpeSample& sample,
                                                         double benchmark);

/// Expected largest Sharpe ratio of `trials` without skill whose ratios have variance
/// `variance` (Bailey & López de Prado 2014, eq. 1); 0 for one trial.
[[nodiscard]] double expected_largest_sharpe(double variance, std::int64_t trials);

}  // namespace toxvol::run
