#include "toxvol/report/loaded_table.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/held.hpp"

namespace toxvol::report {

LoadedTable::LoadedTable(const std::filesystem::path& file) {
  columnar::TableReader reader{file.string()};
  schema_ = reader.schema();
  block_ = reader.read_all();
}

std::optional<std::size_t> LoadedTable::place(std::string_view name) const {
  for (std::size_t i = 0; i < schema_.size(); ++i) {
    if (schema_[i].name == name) return i;
  }
  return std::nullopt;
}

std::optional<double> LoadedTable::real(std::string_view name, std::size_t row) const {
  const auto at = place(name);
  if (!at || block_.columns[*at].is_null(row)) return std::nullopt;
  using enum columnar::ColumnType;
  switch (schema_[*at].type) {
    case Float64:
      return block_.columns[*at].real(row);
    case Decimal:
      return Money::from_raw(held(block_.columns[*at].integer(row))).to_double();
    case Text:
      return std::nullopt;
    default:
      return static_cast<double>(held(block_.columns[*at].integer(row)));
  }
}

std::optional<std::int64_t> LoadedTable::integer(std::string_view name, std::size_t row) const {
  const auto at = place(name);
  using enum columnar::ColumnType;
  if (!at || schema_[*at].type == Text || schema_[*at].type == Float64) return std::nullopt;
  return block_.columns[*at].integer(row);
}

std::string LoadedTable::text(std::string_view name, std::size_t row) const {
  const auto at = place(name);
  if (!at || schema_[*at].type != columnar::ColumnType::Text) return {};
  return std::string{block_.columns[*at].text(row).value_or("")};
}

}  // namespace toxvol::report
