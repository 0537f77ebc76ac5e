#include "toxvol/stats/resampled_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace toxvol::stats {

namespace {

/// Where Σ(x − m)² is a smaller share of Σx² than this, their difference has lost too many digits.
constexpr double kCancelled = 1e-6;

}  // namespace

ResampledSums::ResampledSums(const MatrixView& matrix, bool squares)
    : matrix_{matrix}, sums_(matrix.columns), squares_(squares ? matrix.columns : 0) {}

void ResampledSums::take(std::span<const std::uint32_t> rows) {
  rows_ = rows;
  std::fill(sums_.begin(), sums_.end(), 0.0);
  std::fill(squares_.begin(), squares_.end(), 0.0);
  const std::size_t columns = matrix_.columns;
  double* const sums = sums_.data();
  if (squares_.empty()) {
    for (const std::uint32_t row : rows) {
      const double* const x = matrix_.values + row * columns;
      for (std::size_t j = 0; j < columns; ++j) sums[j] += x[j];
    }
    return;
  }
  double* const squares = squares_.data();
  for (const std::uint32_t row : rows) {
    const double* const x = matrix_.values + row * columns;
    for (std::size_t j = 0; j < columns; ++j) {
      sums[j] += x[j];
      squares[j] += x[j] * x[j];
    }
  }
}

double ResampledSums::mean(std::size_t column) const {
  return sums_[column] / static_cast<double>(rows_.size());
}

double ResampledSums::sharpe(std::size_t column) const {
  const auto n = static_cast<double>(rows_.size());
  const double mean = sums_[column] / n;
  const double deviations = squares_[column] - mean * sums_[column];
  if (!(deviations > kCancelled * squares_[column])) return careful_sharpe(column);
  return mean / std::sqrt(deviations / (n - 1.0));
}

double ResampledSums::careful_sharpe(std::size_t column) const {
  if (squares_[column] == 0.0) return 0.0;
  Moments moments;
  for (const std::uint32_t row : rows_) moments.add(matrix_.at(row, column));
  const auto sample = sharpe_sample(moments);
  return sample ? sample->sharpe : 0.0;
}

}  // namespace toxvol::stats
