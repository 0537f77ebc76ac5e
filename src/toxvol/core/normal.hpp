#pragma once

namespace toxvol {

/// Φ(x), the standard normal distribution.
[[nodiscard]] double normal_cdf(double x);

/// Φ⁻¹(p) for 0 < p < 1: Wichura (1988), algorithm AS 241, PPND16, relative error below 1e-16.
[[nodiscard]] double inverse_normal(double p);

}  // namespace toxvol
