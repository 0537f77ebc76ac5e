#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/factors/params.hpp"

namespace toxvol::study {

/// What a walk-forward estimates on its training windows (R41): each a function of the training
/// rows alone.

/// Below so many values nothing is estimated.
inline constexpr std::size_t kLeastForFit = 30;

/// The `level`-quantile of `values` (Q1: the ⌈level·n⌉-th smallest). Empty below `kLeastForFit`.
[[nodiscard]] std::optional<double> fitted_quantile(std::vector<double> values, double level);

/// The crowding threshold that as many |c| reach as a standard normal reaches `theta`: the quantile
/// at 2Φ(theta) − 1. Empty below `kLeastForFit`.
[[nodiscard]] std::optional<double> fitted_theta(std::vector<double> crowding, double theta);

/// Mean and standard deviation (n − 1) that a z-score uses in place of its trailing window. Empty
/// below `kLeastForFit`.
[[nodiscard]] std::optional<factors::FixedScale> fitted_scale(std::span<const double> values);

/// One day: the transformed realised variance of the day after, and those over the three horizons
/// up to its beginning.
struct DayAfter {
  double next = 0.0;
  std::array<double, 3> past{};
};
/// HAR's weights, none below 0 and 1 in sum, of least squared error: every face of the simplex is
/// tried, ties go to fewer weights, then to the first. Empty below `kLeastForFit` days.
[[nodiscard]] std::optional<std::array<double, 3>> fitted_har_weights(
    std::span<const DayAfter> days);

}  // namespace toxvol::study
