#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/kind.hpp"

namespace toxvol::csv {

/// The columns of Binance's files of `kind`, in their order.
[[nodiscard]] std::span<const std::string_view> columns_of(Kind kind);

/// A data row begins with a digit or '-', a header with anything else.
[[nodiscard]] bool is_header(std::string_view first_line);

/// For each field of the header its index in `columns_of(kind)`. Throws `Error` (beginning with
/// `where`) unless the header names exactly the columns of `kind`, in any order; files of other
/// kinds and markets are told by name.
[[nodiscard]] std::vector<std::uint8_t> map_header(std::string_view header, Kind kind,
                                                   std::string_view where);

/// What the first row of a file without a header is, where it cannot be of `kind` but is of
/// another: "spot aggTrades".
[[nodiscard]] std::optional<std::string_view> foreign_row(std::string_view row, Kind kind);

/// Tells a spot or COIN-M file by its path in Binance's own tree or by its symbol (`BTCUSD_PERP`).
[[nodiscard]] std::optional<std::string_view> foreign_market(std::string_view path);

}  // namespace toxvol::csv
