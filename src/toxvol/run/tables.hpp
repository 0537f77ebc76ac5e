#pragma once

#include <array>
#include <span>
#include <string_view>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/factors/factor_row.hpp"

namespace toxvol::run {

/// The six tables of a run folder, in the order in which they are listed everywhere.
inline constexpr std::array<std::string_view, 6> kTables = {"decisions", "orders",    "commands",
                                                            "fills",     "positions", "equity"};

/// A factor column of type float64 and where its value is kept.
struct FactorColumn {
  std::string_view name;
  factors::Value factors::FactorRow::* field;
};

/// In file order (docs/schemas.md): `quote_age_s`, the groups of volatility, pressure, toxicity and
/// crowding, then `tls` and `z_tls`.
[[nodiscard]] std::span<const FactorColumn> factor_columns();

/// Columns of `<table>.parquet`, or of what `toxvol factors` writes (docs/schemas.md).
[[nodiscard]] columnar::Schema table_schema(std::string_view table);
[[nodiscard]] columnar::Schema factors_schema();

}  // namespace toxvol::run
