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
constexpr std::size_t kWidth = 8;  // columns of a tile

/// Σ of the rows of a tile.
template <std::size_t kColumns>
void add(const double* tile, std::span<const std::uint32_t> rows, double* sums) {
  double s[kColumns] = {};
  for (const std::uint32_t row : rows) {
    const double* const x = tile + row * kColumns;
    for (std::size_t i = 0; i < kColumns; ++i) s[i] += x[i];
  }
  std::copy_n(s, kColumns, sums);
}

/// Σ and Σ² of the rows of a tile.
template <std::size_t kColumns>
void add_squares(const double* tile, std::span<const std::uint32_t> rows, double* sums,
                 double* squares) {
  double s[kColumns] = {};
  double q[kColumns] = {};
  for (const std::uint32_t row : rows) {
    const double* const x = tile + row * kColumns;
    for (std::size_t i = 0; i < kColumns; ++i) {
      s[i] += x[i];
      q[i] += x[i] * x[i];
    }
  }
  std::copy_n(s, kColumns, sums);
  std::copy_n(q, kColumns, squares);
}

}  // namespace

ResampledSums::ResampledSums(const MatrixView& matrix, bool squares)
    : matrix_rows_{matrix.rows}, width_{matrix.columns <= 2 ? 1 : kWidth}, with_squares_{squares} {
  const std::size_t tiles = (matrix.columns + width_ - 1) / width_;
  tiles_.resize(tiles * width_ * matrix.rows);
  sums_.resize(tiles * width_);
  squares_.resize(tiles * width_);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t j = 0; j < matrix.columns; ++j) tiles_[place(row, j)] = matrix.at(row, j);
  }
}

std::size_t ResampledSums::place(std::size_t row, std::size_t column) const {
  return (column / width_ * matrix_rows_ + row) * width_ + column % width_;
}

void ResampledSums::take(std::span<const std::uint32_t> rows) {
  rows_ = rows;
  const bool is_narrow = width_ == 1;
  for (std::size_t first = 0; first < sums_.size(); first += width_) {
    const double* const tile = tiles_.data() + first * matrix_rows_;
    double* const sums = &sums_[first];
    if (with_squares_) {
      (is_narrow ? add_squares<1> : add_squares<kWidth>)(tile, rows, sums, &squares_[first]);
    } else {
      (is_narrow ? add<1> : add<kWidth>)(tile, rows, sums);
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
