#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/columnar/table_schema.hpp"

namespace toxvol::columnar {

/// The values of one column of some rows. Timestamps are ns since the epoch, decimals units of
/// 1e-8, dates days since the epoch, booleans 0 and 1: all `integer`.
class ColumnBlock {
 public:
  [[nodiscard]] ColumnType type() const { return type_; }
  [[nodiscard]] bool is_null(std::size_t row) const { return valid_[row] == 0; }
  /// Each empty where the value is null. Asking a column for a type that it has not aborts.
  [[nodiscard]] std::optional<std::int64_t> integer(std::size_t row) const;
  [[nodiscard]] std::optional<double> real(std::size_t row) const;
  [[nodiscard]] std::optional<std::string_view> text(std::size_t row) const;

 private:
  friend class TableReader;
  ColumnType type_ = ColumnType::Int64;
  std::vector<std::uint8_t> valid_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<std::string> texts_;
};

/// Some rows of a table, by column in the order asked for.
struct TableBlock {
  std::size_t rows = 0;
  std::vector<ColumnBlock> columns;
};

/// Reads a table written by `TableWriter` (or any Parquet file of these column types) one row group
/// at a time. Throws `Error` for a missing or damaged file and for a column of another type.
class TableReader {
 public:
  explicit TableReader(std::string path);
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;
  ~TableReader();

  [[nodiscard]] const Schema& schema() const;
  [[nodiscard]] std::int64_t rows() const;
  /// Footer keys in file order, less Arrow's own.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& metadata() const;
  /// The value of a footer key.
  [[nodiscard]] std::optional<std::string> metadata(std::string_view key) const;

  /// Only these columns, in this order, from the next `next()` on. An absent one is an `Error`.
  void select(const std::vector<std::string>& names);
  /// The rows of the next row group; empty at the end.
  [[nodiscard]] std::optional<TableBlock> next();
  /// All remaining rows as one block.
  [[nodiscard]] TableBlock read_all();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toxvol::columnar
