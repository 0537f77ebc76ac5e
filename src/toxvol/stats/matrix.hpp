#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace toxvol::stats {

/// Several series over the same times, one after another in memory by row: rows are time, columns
/// are series. A view; the numbers are another's.
struct MatrixView {
  const double* values = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;

  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return values[row * columns + column];
  }
  [[nodiscard]] std::vector<double> column(std::size_t j) const {
    std::vector<double> series(rows);
    for (std::size_t row = 0; row < rows; ++row) series[row] = at(row, j);
    return series;
  }
};

/// A matrix of its own.
class Matrix {
 public:
  Matrix(std::size_t rows, std::size_t columns)
      : values_(rows * columns), rows_{rows}, columns_{columns} {}

  /// `series` has a number for each row.
  void set_column(std::size_t j, std::span<const double> series) {
    for (std::size_t row = 0; row < rows_; ++row) values_[row * columns_ + j] = series[row];
  }
  [[nodiscard]] MatrixView view() const {
    return {.values = values_.data(), .rows = rows_, .columns = columns_};
  }

 private:
  std::vector<double> values_;
  std::size_t rows_;
  std::size_t columns_;
};

}  // namespace toxvol::stats
