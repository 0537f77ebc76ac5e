#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "toxvol/stats/matrix.hpp"

namespace toxvol::stats {

/// Means and Sharpe ratios of all columns of a matrix over resampled rows. Rows are added in the
/// order of the indices, so a column's figures do not depend on the columns beside it. Columns lie
/// together by eights, so that their sums stay in registers and their rows in cache; one or two lie
/// each on its own.
class ResampledSums {
 public:
  /// Without `squares` there are means alone.
  ResampledSums(const MatrixView& matrix, bool squares);

  /// The rows to take, as many as the matrix has; they outlive the next two calls.
  void take(std::span<const std::uint32_t> rows);
  [[nodiscard]] double mean(std::size_t column) const;
  /// SR with n − 1; 0 where the rows taken have no spread (R13).
  [[nodiscard]] double sharpe(std::size_t column) const;

 private:
  [[nodiscard]] std::size_t place(std::size_t row, std::size_t column) const;
  [[nodiscard]] double careful_sharpe(std::size_t column) const;

  std::size_t matrix_rows_;
  std::size_t width_;          // of a tile
  std::vector<double> tiles_;  // by tile, then row, then column; 0 where there is no column
  bool with_squares_;
  std::span<const std::uint32_t> rows_;
  std::vector<double> sums_;
  std::vector<double> squares_;
};

}  // namespace toxvol::stats
