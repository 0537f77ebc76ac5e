#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace toxvol::columnar {

/// The column types of the tables that we write (docs/schemas.md). `Decimal` is decimal128(18, 8),
/// `Timestamp` is nanoseconds UTC.
enum class ColumnType : std::uint8_t {
  Timestamp,
  Decimal,
  Text,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  Bool,
  Date
};

/// As in docs/schemas.md: `ts` `D` `utf8` `float64` `int8` … `bool` `date32`.
[[nodiscard]] std::string_view name(ColumnType type);

struct Column {
  std::string name;
  ColumnType type = ColumnType::Int64;
  bool nullable = false;
  friend bool operator==(const Column&, const Column&) = default;
};

using Schema = std::vector<Column>;

/// `close:D bid:D? …`: one line for messages and digests.
[[nodiscard]] std::string to_string(const Column& column);

/// The footer key of every table and its value.
inline constexpr std::string_view kSchemaKey = "toxvol.schema";
inline constexpr std::string_view kSchemaVersion = "1";

/// decimal128(18, 8) holds |raw| below this.
inline constexpr std::int64_t kDecimalLimit = 1'000'000'000'000'000'000;

}  // namespace toxvol::columnar
