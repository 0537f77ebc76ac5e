#include "toxvol/factors/har_log.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using Logs = std::array<double, kHarHorizons>;
// A regressor's column, and last what it is to explain.
using WorkRow = std::array<double, kHarHorizons + 1>;

constexpr std::size_t kParameters = kHarHorizons + 1;  // with the intercept
// A regressor whose part not explained by the others is below this share of it is no regressor.
constexpr double kCollinear = 1e-10;

std::optional<Logs> logarithms(const HarVector& variances) {
  Logs result{};
  for (std::size_t i = 0; i < kHarHorizons; ++i) {
    const Value variance = variances[i];
    if (!variance || *variance <= 0.0) return std::nullopt;
    result[i] = std::log(*variance);
  }
  return result;
}

double column_norm(const std::vector<WorkRow>& rows, std::size_t from, std::size_t column) {
  double squares = 0.0;
  for (std::size_t i = from; i < rows.size(); ++i) squares += rows[i][column] * rows[i][column];
  return std::sqrt(squares);
}

/// Least squares of the last column on the others by Householder reflections, in place. Empty
/// where the columns are dependent.
std::optional<Logs> solve(std::vector<WorkRow>& rows) {
  Logs diagonal{};
  for (std::size_t k = 0; k < kHarHorizons; ++k) {
    const double whole = column_norm(rows, 0, k);
    const double norm = column_norm(rows, k, k);
    if (norm <= kCollinear * whole) return std::nullopt;
    diagonal[k] = rows[k][k] > 0.0 ? -norm : norm;
    rows[k][k] -= diagonal[k];  // column k, from row k on, is now the reflector
    const double length = column_norm(rows, k, k);
    const double scale = 2.0 / (length * length);
    for (std::size_t j = k + 1; j < kParameters; ++j) {
      double dot = 0.0;
      for (std::size_t i = k; i < rows.size(); ++i) dot += rows[i][k] * rows[i][j];
      for (std::size_t i = k; i < rows.size(); ++i) rows[i][j] -= scale * dot * rows[i][k];
    }
  }
  Logs slope{};
  for (std::size_t k = kHarHorizons; k-- > 0;) {
    double rest = rows[k][kHarHorizons];
    for (std::size_t j = k + 1; j < kHarHorizons; ++j) rest -= rows[k][j] * slope[j];
    slope[k] = rest / diagonal[k];
  }
  return slope;
}

}  // namespace

HarLog::HarLog(int min_days, int fit_days) : min_days_{min_days}, fit_days_{fit_days} {
  // n − 4 degrees of freedom are left.
  TOXVOL_ASSERT(min_days > static_cast<int>(kParameters) && fit_days >= min_days);
}

void HarLog::end_day(Day end, Value realized, const HarVector& at_start) {
  const auto x = logarithms(at_start);
  if (x && realized && *realized > 0.0) {
    rows_.push_back({.start = end - Day::duration{1}, .y = std::log(*realized), .x = *x});
  }
  const Day first = end - Day::duration{fit_days_};
  while (!rows_.empty() && rows_.front().start < first) rows_.pop_front();
  fit();
}

void HarLog::fit() {
  fit_.reset();
  if (rows_.size() < static_cast<std::size_t>(min_days_)) return;
  const auto n = static_cast<double>(rows_.size());
  WorkRow mean{};
  work_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    work_[i] = {row.x[0], row.x[1], row.x[2], row.y};
    for (std::size_t k = 0; k < kParameters; ++k) mean[k] += work_[i][k];
  }
  for (double& m : mean) m /= n;
  // Centred, so that the intercept is no column and costs no digits.
  for (WorkRow& row : work_) {
    for (std::size_t k = 0; k < kParameters; ++k) row[k] -= mean[k];
  }
  const auto slope = solve(work_);
  if (!slope) return;

  Fit result{.intercept = mean[kHarHorizons], .slope = *slope};
  for (std::size_t k = 0; k < kHarHorizons; ++k) result.intercept -= (*slope)[k] * mean[k];
  double squares = 0.0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    double residual = rows_[i].y - result.intercept;
    for (std::size_t k = 0; k < kHarHorizons; ++k) residual -= (*slope)[k] * rows_[i].x[k];
    squares += residual * residual;
  }
  result.residual_variance = squares / (n - static_cast<double>(kParameters));
  fit_ = result;
}

Value HarLog::predict(const HarVector& now) const {
  if (!fit_) return std::nullopt;
  const auto x = logarithms(now);
  if (!x) return std::nullopt;
  double y = fit_->intercept;
  for (std::size_t k = 0; k < kHarHorizons; ++k) y += fit_->slope[k] * (*x)[k];
  return std::exp(y + fit_->residual_variance / 2.0);
}

}  // namespace toxvol::factors
