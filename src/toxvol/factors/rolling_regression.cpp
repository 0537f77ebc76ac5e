#include "toxvol/factors/rolling_regression.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

namespace {

// What must be left of a regressor, as a share of its sum of squares: about 0, once the constant
// is taken out; about its mean, once the regressors before it are taken out too. Rounding leaves
// about 1e-15.
constexpr double kLeastOwn = 1e-9;

}  // namespace

RollingRegression::RollingRegression(Duration window) : length_{window} {
  TOXVOL_ASSERT(window > Duration::zero());
}

void RollingRegression::advance(Timestamp now) {
  const Timestamp first = now - length_;  // still inside (Z1)
  while (!window_.empty() && window_.front().ts < first) {
    const Numbers d = less_shift(window_.front().numbers);
    for (std::size_t i = 0; i < kNumbers; ++i) {
      sums_.first[i].remove(d[i]);
      for (std::size_t j = 0; j <= i; ++j) sums_.second[i][j].remove(d[i] * d[j]);
    }
    window_.pop_front();
    ++removed_;
  }
  // G10; and once the whole window has been replaced, for windows much shorter than a day.
  const Day day = day_of(now);
  if (day != day_ || removed_ > count()) {
    recompute();
    day_ = day;
  }
}

void RollingRegression::add(Timestamp ts, double y, const Regressors& x) {
  TOXVOL_ASSERT(window_.empty() || window_.back().ts < ts);
  const Numbers numbers{y, x[0], x[1], x[2]};
  for (const double number : numbers) TOXVOL_ASSERT(std::isfinite(number));
  if (window_.empty()) shift_ = numbers;
  window_.push_back({.ts = ts, .numbers = numbers});
  enter(numbers);
}

void RollingRegression::recompute() {
  removed_ = 0;
  sums_ = {};
  if (window_.empty()) return;
  std::array<CompensatedSum, kNumbers> totals;
  for (std::size_t n = 0; n < window_.size(); ++n) {
    for (std::size_t i = 0; i < kNumbers; ++i) totals[i].add(window_[n].numbers[i]);
  }
  for (std::size_t i = 0; i < kNumbers; ++i) {
    shift_[i] = totals[i].value() / static_cast<double>(window_.size());
  }
  for (std::size_t n = 0; n < window_.size(); ++n) enter(window_[n].numbers);
}

void RollingRegression::enter(const Numbers& numbers) {
  const Numbers d = less_shift(numbers);
  for (std::size_t i = 0; i < kNumbers; ++i) {
    sums_.first[i].add(d[i]);
    for (std::size_t j = 0; j <= i; ++j) sums_.second[i][j].add(d[i] * d[j]);
  }
}

RollingRegression::Numbers RollingRegression::less_shift(const Numbers& numbers) const {
  Numbers d{};
  for (std::size_t i = 0; i < kNumbers; ++i) d[i] = numbers[i] - shift_[i];
  return d;
}

double RollingRegression::centred(std::size_t row, std::size_t column) const {
  return sums_.second[row][column].value() - sums_.first[row].value() *
                                                 sums_.first[column].value() /
                                                 static_cast<double>(window_.size());
}

bool RollingRegression::is_constant(std::size_t number) const {
  const double shift = shift_[number];
  const double about_zero =
      sums_.second[number][number].value() +
      shift * (2.0 * sums_.first[number].value() + shift * static_cast<double>(window_.size()));
  return centred(number, number) <= kLeastOwn * about_zero;
}

Value RollingRegression::residual(double y, const Regressors& x) const {
  if (window_.empty()) return std::nullopt;
  // Cholesky's factors of the regressors' correlations, so that their units do not matter.
  std::array<double, kRegressors> unit{};
  std::array<std::array<double, kRegressors>, kRegressors> lower{};
  std::array<double, kRegressors> slope{};
  for (std::size_t i = 0; i < kRegressors; ++i) {
    if (is_constant(1 + i)) return std::nullopt;
    unit[i] = std::sqrt(centred(1 + i, 1 + i));
    double own = 1.0;
    double with_y = centred(1 + i, 0) / unit[i];
    for (std::size_t j = 0; j < i; ++j) {
      double product = centred(1 + i, 1 + j) / (unit[i] * unit[j]);
      for (std::size_t k = 0; k < j; ++k) product -= lower[i][k] * lower[j][k];
      lower[i][j] = product / lower[j][j];
      own -= lower[i][j] * lower[i][j];
      with_y -= lower[i][j] * slope[j];
    }
    if (own <= kLeastOwn) return std::nullopt;
    lower[i][i] = std::sqrt(own);
    slope[i] = with_y / lower[i][i];
  }
  for (std::size_t i = kRegressors; i-- > 0;) {
    for (std::size_t j = i + 1; j < kRegressors; ++j) slope[i] -= lower[j][i] * slope[j];
    slope[i] /= lower[i][i];
  }
  const auto n = static_cast<double>(window_.size());
  const auto off_mean = [&](std::size_t number, double value) {
    return value - shift_[number] - sums_.first[number].value() / n;
  };
  double left = off_mean(0, y);
  for (std::size_t i = 0; i < kRegressors; ++i) left -= slope[i] / unit[i] * off_mean(1 + i, x[i]);
  return left;
}

}  // namespace toxvol::factors
