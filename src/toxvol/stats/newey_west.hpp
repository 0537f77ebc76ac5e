#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace toxvol::stats {

/// How many lags errors look back: K = ⌊4(n/100)^{2/9}⌋ (R9; Newey & West 1994).
[[nodiscard]] std::size_t newey_west_lags(std::size_t n);

/// `series` less its mean.
[[nodiscard]] std::vector<double> centred(std::span<const double> series);

/// γ_lag = Σ_{t>lag} x_t·x_{t−lag}/n of a centred series; 0 from n on.
[[nodiscard]] double autocovariance(std::span<const double> x, std::size_t lag);

/// γ₀ + 2Σ_{k≤lags}(1 − k/(lags+1))γ_k of a centred series (Newey & West 1987, Bartlett's weights):
/// n times the variance of the mean. Not below 0.
[[nodiscard]] double long_run_variance(std::span<const double> x, std::size_t lags);

}  // namespace toxvol::stats
