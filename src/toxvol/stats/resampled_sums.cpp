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
constexpr std::size_t kTile = 8;  // columns

/// Σ of the rows of a tile.
void add(const double* tile, std::span<const std::uint32_t> rows, double* sums) {
  double s[kTile] = {};
  for (const std::uint32_t row : rows) {
    const double* const x = tile + row * kTile;
    for (std::size_t i = 0; i < kTile; ++i) s[i] += x[i];
  }
  std::copy_n(s, kTile, sums);
}

/// Σ and Σ² of the rows of a tile.
void add_squares(const double* tile, std::span<const std::uint32_t> rows, double* sums,
                 double* squares) {
  double s[kTile] = {};
  double q[kTile] = {};
  for (const std::uint32_t row : rows) {
    const double* const x = tile + row * kTile;
    for (std::size_t i = 0; i < kTile; ++i) {
      s[i] += x[i];
      q[i] += x[i] * x[i];
    }
  }
  std::copy_n(s, kTile, sums);
  std::copy_n(q, kTile, squares);
}

}  // namespace

ResampledSums::ResampledSums(const MatrixView& matrix, bool squares)
    : matrix_rows_{matrix.rows}, with_squares_{squares} {
  const std::size_t tiles = (matrix.columns + kTile - 1) / kTile;
  tiles_.resize(tiles * kTile * matrix.rows);
  sums_.resize(tiles * kTile);
  squares_.resize(tiles * kTile);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      tiles_[place(row, j)] = matrix.at(row, j);
    }
  }
}

std::size_t ResampledSums::place(std::size_t row, std::size_t column) const {
  return (column / kTile * matrix_rows_ + row) * kTile + column % kTile;
}

void ResampledSums::take(std::span<const std::uint32_t> rows) {
  rows_ = rows;
  for (std::size_t first = 0; first < sums_.size(); first += kTile) {
    const double* const tile = tiles_.data() + first * matrix_rows_;
    if (with_squares_) {
      add_squares(tile, rows, &sums_[first], &squares_[first]);
    } else {
      add(tile, rows, &sums_[first]);
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
  for (const std::uint32_t row : rows_) moments.add(tiles_[place(row, column)]);
  const auto sample = sharpe_sample(moments);
  return sample ? sample->sharpe : 0.0;
}

}  // namespace toxvol::stats
