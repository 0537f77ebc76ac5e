#include "toxvol/columnar/table_schema.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace toxvol::columnar {

std::string_view name(ColumnType type) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "ts", "D", "utf8", "float64", "int8", "int16", "int32", "int64", "bool", "date32"};
  return kNames.at(static_cast<std::size_t>(type));
}

std::string to_string(const Column& column) {
  std::string text = column.name;
  text += ':';
  text += name(column.type);
  if (column.nullable) text += '?';
  return text;
}

}  // namespace toxvol::columnar
