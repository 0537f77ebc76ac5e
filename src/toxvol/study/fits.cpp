#include "toxvol/study/fits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/held.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/regression.hpp"

namespace toxvol::study {

namespace {

using Weights = std::array<double, 3>;

/// The weights of least error of which only those of `face` may differ from 0: the last one of the
/// face is what the others leave of 1. Empty where one comes out below 0 or cannot be told.
std::optional<Weights> weights_on(std::span<const DayAfter> days,
                                  const std::vector<std::size_t>& face) {
  const std::size_t last = face.back();
  const std::size_t free = face.size() - 1;
  Weights weights{};
  weights[last] = 1.0;
  if (free == 0) return weights;
  std::vector<double> y;
  stats::Matrix x{days.size(), free};
  for (std::size_t j = 0; j < free; ++j) {
    std::vector<double> column;
    for (const DayAfter& day : days) column.push_back(day.past[face[j]] - day.past[last]);
    x.set_column(j, column);
  }
  for (const DayAfter& day : days) y.push_back(day.next - day.past[last]);
  const stats::Regression fit = stats::regress(y, x.view(), 0);
  constexpr double kLeast = -1e-12;
  for (std::size_t j = 0; j < free; ++j) {
    const std::optional<double>& coefficient = fit.coefficients[j];
    if (!coefficient || *coefficient < kLeast) return std::nullopt;
    weights[face[j]] = std::max(*coefficient, 0.0);
    weights[last] -= weights[face[j]];
  }
  if (weights[last] < kLeast) return std::nullopt;
  weights[last] = std::max(weights[last], 0.0);
  return weights;
}

double squared_error(std::span<const DayAfter> days, const Weights& weights) {
  double sum = 0.0;
  for (const DayAfter& day : days) {
    double error = day.next;
    for (std::size_t i = 0; i < weights.size(); ++i) error -= weights[i] * day.past[i];
    sum += error * error;
  }
  return sum;
}

}  // namespace

std::optional<double> fitted_quantile(std::vector<double> values, double level) {
  if (values.size() < kLeastForFit) return std::nullopt;
  const double count = static_cast<double>(values.size());
  const auto rank =
      static_cast<std::size_t>(std::clamp(std::ceil(level * count - 1e-9), 1.0, count));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::optional<double> fitted_theta(std::vector<double> crowding, double theta) {
  for (double& c : crowding) c = std::abs(c);
  return fitted_quantile(std::move(crowding), 2.0 * normal_cdf(theta) - 1.0);
}

std::optional<factors::FixedScale> fitted_scale(std::span<const double> values) {
  if (values.size() < kLeastForFit) return std::nullopt;
  const stats::Moments moments = stats::moments_of(values);
  return factors::FixedScale{.mean = moments.mean(), .sd = held(moments.standard_deviation())};
}

std::optional<Weights> fitted_har_weights(std::span<const DayAfter> days) {
  if (days.size() < kLeastForFit) return std::nullopt;
  const std::vector<std::size_t> faces[] = {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};
  std::optional<Weights> best;
  double least = 0.0;
  for (const auto& face : faces) {
    const auto weights = weights_on(days, face);
    if (!weights) continue;
    const double error = squared_error(days, *weights);
    if (!best || error < least) {
      best = weights;
      least = error;
    }
  }
  return best;
}

}  // namespace toxvol::study
