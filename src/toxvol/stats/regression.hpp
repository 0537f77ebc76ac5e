#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/stats/matrix.hpp"

namespace toxvol::stats {

/// Least squares with Newey–West errors, without a factor for small samples (R9; Newey & West
/// 1987). A column that the ones before it explain is dropped: its figures are empty.
struct Regression {
  std::vector<std::optional<double>> coefficients;
  std::vector<std::optional<double>> errors;
  std::vector<double> covariance;  // by rows, of the coefficients; 0 for a dropped one
  std::optional<double> r2;        // share of y's variance; empty where y has no spread
};
/// y on the columns of `x` (no constant is added), as many rows as numbers in `y`.
[[nodiscard]] Regression regress(std::span<const double> y, const MatrixView& x, std::size_t lags);

}  // namespace toxvol::stats
