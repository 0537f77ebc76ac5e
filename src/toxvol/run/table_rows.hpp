#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/held.hpp"

namespace toxvol::run {

/// The rows of a table one after the other, whatever its row groups: two are read side by side.
/// Throws `Error` for a missing or damaged file.
class TableRows {
 public:
  explicit TableRows(const std::filesystem::path& path) : reader_{path.string()} {}

  /// To the next row, at first to the first; false at the end.
  bool advance();
  [[nodiscard]] const columnar::Schema& schema() const { return reader_.schema(); }
  [[nodiscard]] std::int64_t rows() const { return reader_.rows(); }
  [[nodiscard]] std::int64_t number() const { return number_; }  // from 1
  [[nodiscard]] const columnar::ColumnBlock& column(std::size_t i) const {
    return held(block_).columns[i];
  }
  [[nodiscard]] std::size_t row() const { return row_; }  // within the column
  /// The value in column `i` for people.
  [[nodiscard]] std::string text(std::size_t i) const;

 private:
  columnar::TableReader reader_;
  std::optional<columnar::TableBlock> block_;
  std::size_t row_ = 0;
  std::int64_t number_ = 0;
};

/// Whether both rows have the same value in column `i`; tables of one schema.
[[nodiscard]] bool is_equal(const TableRows& a, const TableRows& b, std::size_t i);

}  // namespace toxvol::run
