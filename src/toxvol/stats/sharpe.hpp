#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/moments.hpp"

namespace toxvol::stats {

/// A Sharpe ratio and the shape of the returns that it is of, none annualised.
struct SharpeSample {
  double sharpe = 0.0;
  std::int64_t count = 0;
  double skewness = 0.0;
  double kurtosis = 3.0;  // raw
};

/// SR = m/sd of a series (R8). Empty without spread.
[[nodiscard]] std::optional<SharpeSample> sharpe_sample(const Moments& moments);

/// ψ_t = z_t − ½(m/s)(z_t² − 1), z = (r − m)/s: what each return adds to the error of the ratio
/// (R9). `moments` are those of `returns`, with spread.
[[nodiscard]] std::vector<double> influence_on_sharpe(std::span<const double> returns,
                                                      const Moments& moments);

/// Probability that the true Sharpe ratio exceeds `benchmark` (R10; Bailey & López de Prado 2012).
/// Empty below two returns or where the variance of the estimate is not positive.
[[nodiscard]] std::optional<double> probabilistic_sharpe(const SharpeSample& sample,
                                                         double benchmark);

/// The Sharpe ratio of a series of unit returns with its errors (R8–R10), none annualised.
struct Sharpe {
  std::optional<double> sharpe;   // m/sd; empty without spread, and then so is the rest
  std::optional<double> se_iid;   // if returns were independent
  std::size_t lags = 0;           // K of the Newey–West errors
  std::optional<double> se_nw;    // of the ratio (Lo 2002; Ledoit & Wolf 2008)
  std::optional<double> mean_se;  // of the mean, in units of the returns
  std::optional<double> psr;      // probability that the true ratio is above 0
  std::optional<double> psr_nw;   // the same from se_nw
  std::optional<double> min_trl;  // returns needed to say so at 95 %; empty where sharpe ≤ 0
};
[[nodiscard]] Sharpe sharpe(std::span<const double> returns);

}  // namespace toxvol::stats
