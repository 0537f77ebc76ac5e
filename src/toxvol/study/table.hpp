#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

/// Tables of a study. The columns of a row are one function, visited for the schema and for each
/// row alike:
///   void columns(const Row& row, auto&& column) { column("net", row.net); … }
namespace toxvol::study {

template <class T>
constexpr columnar::ColumnType column_type() {
  using columnar::ColumnType;
  if constexpr (std::same_as<T, Timestamp>) return ColumnType::Timestamp;
  if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    return ColumnType::Text;
  }
  if constexpr (std::same_as<T, double>) return ColumnType::Float64;
  if constexpr (std::same_as<T, bool>) return ColumnType::Bool;
  if constexpr (std::same_as<T, std::int32_t>) return ColumnType::Int32;
  if constexpr (std::same_as<T, std::int64_t>) return ColumnType::Int64;
  if constexpr (requires(T value) { value.raw(); }) return ColumnType::Decimal;
}

class SchemaVisitor {
 public:
  template <class T>
  void operator()(std::string_view name, const T& /*value*/) {
    schema_.push_back({.name = std::string{name}, .type = column_type<T>(), .nullable = false});
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& /*value*/) {
    schema_.push_back({.name = std::string{name}, .type = column_type<T>(), .nullable = true});
  }
  [[nodiscard]] const columnar::Schema& schema() const { return schema_; }

 private:
  columnar::Schema schema_;
};

/// Writes `rows` to a Parquet file that appears whole. A table without rows has the columns of
/// `Row{}`; where their number depends on the row, all rows have as many. Throws `Error`.
template <class Row>
void write_table(const std::filesystem::path& path, std::span<const Row> rows) {
  SchemaVisitor visitor;
  const Row none{};
  columns(rows.empty() ? none : rows.front(), visitor);
  columnar::TableWriter writer{path.string(), visitor.schema()};
  for (const Row& row : rows) {
    columns(row, [&writer](std::string_view /*name*/, const auto& value) { writer.put(value); });
    writer.end_row();
  }
  writer.close();
}

}  // namespace toxvol::study
