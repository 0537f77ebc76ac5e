#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::columnar {

/// Writes a Parquet table row by row; memory is bounded by one row group. Same rows, same bytes.
/// The file appears under its name at `close()`, whole and synced; until then (and for ever, if
/// `close()` is never reached) nothing is there. Throws `Error`.
///
///   writer.put(ts); writer.put(price); writer.put(optional_double); writer.end_row();
///
/// Values of a row come in schema order; a value of another type than its column, or a null in a
/// column without nulls, is a bug of the caller and aborts. A decimal outside decimal128(18, 8) and
/// a double that is not finite are an `Error` naming the file, the column and the row.
class TableWriter {
 public:
  struct Options {
    std::int64_t rows_per_group = 65'536;
    std::vector<std::pair<std::string, std::string>> metadata;  // beside toxvol.schema
  };

  TableWriter(std::string path, Schema schema, const Options& options);
  TableWriter(std::string path, Schema schema)
      : TableWriter(std::move(path), std::move(schema), Options{}) {}
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;
  ~TableWriter();

  void put_null();
  void put(Timestamp ts);
  void put(Day day);
  void put(double value);
  void put(bool value);
  void put(std::string_view text);
  void put(const std::string& text) { put(std::string_view{text}); }
  void put(const char* text) { put(std::string_view{text}); }
  template <class Tag>
  void put(Fixed<Tag> value) {
    put_decimal(value.raw());
  }
  template <std::signed_integral T>
  void put(T value) {
    put_integer(static_cast<std::int64_t>(value));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) {
      put(*value);
    } else {
      put_null();
    }
  }
  void end_row();

  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] const Schema& schema() const;

  /// Flushes, syncs and renames. Afterwards only `rows` and `schema` may be called.
  void close();

 private:
  class Impl;
  void put_decimal(std::int64_t raw);
  void put_integer(std::int64_t value);

  std::unique_ptr<Impl> impl_;
};

}  // namespace toxvol::columnar
