#include "toxvol/csv/header.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/csv/format.hpp"
#include "toxvol/csv/number.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {

using Names = std::vector<std::string_view>;

// Headers of Binance files that are not ours (docs/data.md#refused).
constexpr std::array<std::string_view, 8> kSpotAggTrades{
    "agg_trade_id",  "price",         "quantity",       "first_trade_id",
    "last_trade_id", "transact_time", "is_buyer_maker", "is_best_match"};
constexpr std::array<std::string_view, 6> kTrades{"id",        "price", "qty",
                                                  "quote_qty", "time",  "is_buyer_maker"};
constexpr std::array<std::string_view, 6> kCoinTrades{"id",       "price", "qty",
                                                      "base_qty", "time",  "is_buyer_maker"};
constexpr std::array<std::string_view, 4> kBookDepth{"timestamp", "percentage", "depth",
                                                     "notional"};
constexpr std::array<std::string_view, 10> kLiquidations{
    "time",  "side",          "order_type",   "time_in_force",      "original_quantity",
    "price", "average_price", "order_status", "last_fill_quantity", "accumulated_fill_quantity"};

struct ForeignHeader {
  std::string_view what;
  std::span<const std::string_view> columns;
};
const std::array kForeignHeaders{
    ForeignHeader{"spot aggTrades", kSpotAggTrades},     ForeignHeader{"trades", kTrades},
    ForeignHeader{"COIN-M trades", kCoinTrades},         ForeignHeader{"bookDepth", kBookDepth},
    ForeignHeader{"liquidationSnapshot", kLiquidations},
};

Names split(std::string_view line) {
  Names fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

bool same_names(std::span<const std::string_view> a, std::span<const std::string_view> b) {
  return std::ranges::is_permutation(a, b);
}

std::optional<std::string_view> known_header(const Names& names) {
  for (const Kind kind : kKinds) {
    if (same_names(names, columns_of(kind))) return name(kind);
  }
  for (const auto& foreign : kForeignHeaders) {
    if (same_names(names, foreign.columns)) return foreign.what;
  }
  return std::nullopt;
}

std::string fault_of_header(const Names& names, std::span<const std::string_view> expected) {
  if (const auto what = known_header(names)) return fmt::format("this is a file of {}", *what);
  if (std::ranges::any_of(names, [](auto column) { return column.find('"') != column.npos; })) {
    return "a quotation mark is not supported";
  }
  for (const auto column : names) {
    if (std::ranges::find(expected, column) == expected.end()) {
      return fmt::format("header of another kind, unknown column '{}'", printable(column));
    }
  }
  for (const auto column : expected) {
    const auto count = std::ranges::count(names, column);
    if (count == 0) return fmt::format("header without column '{}'", column);
    if (count > 1) return fmt::format("header with column '{}' twice", column);
  }
  return "header of another kind";
}

// Shapes of single fields, for telling headerless files apart.
bool is_integer(std::string_view text) {
  return parse_int(text).has_value();
}
bool is_decimal(std::string_view text) {
  return parse_e8(text).has_value();
}
bool is_flag(std::string_view text) {
  return parse_bool(text).has_value();
}
bool is_time(std::string_view text) {
  const auto value = parse_int(text);
  const auto unit = value ? unit_of(*value) : std::nullopt;
  return unit && *unit != TimeUnit::Seconds;
}

struct Shape {
  std::string_view what;
  std::string_view fields;  // i integer, d decimal, f flag, t time, s text date, . anything
};
constexpr std::array kShapes{
    Shape{"aggTrades", "iddiitf"},  Shape{"spot aggTrades", "iddiitff"},
    Shape{"bookTicker", "iddddtt"}, Shape{"klines", "tdddddtdidd."},
    Shape{"metrics", "s......."},   Shape{"fundingRate", "tid"},
    Shape{"trades", "idddtf"},      Shape{"spot trades", "idddtff"},
    Shape{"bookDepth", "sddd"},
};

bool has_shape(const Names& row, std::string_view fields) {
  if (row.size() != fields.size()) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view text = row[i];
    switch (fields[i]) {
      case 'i':
        if (!is_integer(text)) return false;
        break;
      case 'd':
        if (!is_decimal(text)) return false;
        break;
      case 'f':
        if (!is_flag(text)) return false;
        break;
      case 't':
        if (!is_time(text)) return false;
        break;
      case 's':
        if (!parse_utc_text(text)) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::span<const std::string_view> columns_of(Kind kind) {
  return with_kind(kind, []<class Record>(std::type_identity<Record>) {
    return std::span<const std::string_view>{Format<Record>::kColumns};
  });
}

bool is_header(std::string_view first_line) {
  return first_line.empty() || !(is_digit(first_line.front()) || first_line.front() == '-');
}

std::vector<std::uint8_t> map_header(std::string_view header, Kind kind, std::string_view where) {
  const auto expected = columns_of(kind);
  const Names names = split(header);
  if (!same_names(names, expected)) {
    throw Error{fmt::format("{}:1: {} in place of {} ({}): '{}'; take the file away or name it "
                            "by what it is",
                            where, fault_of_header(names, expected), name(kind),
                            fmt::join(expected, ","), printable(header)),
                ErrorCode::Corrupt};
  }
  std::vector<std::uint8_t> order;
  for (const auto column : names) {
    order.push_back(
        static_cast<std::uint8_t>(std::ranges::find(expected, column) - expected.begin()));
  }
  return order;
}

std::optional<std::string_view> foreign_row(std::string_view row, Kind kind) {
  const Names fields = split(row);
  for (const auto& shape : kShapes) {
    if (has_shape(fields, shape.fields)) {
      if (shape.what == name(kind)) return std::nullopt;
      return shape.what;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> foreign_market(std::string_view path) {
  if (path.find("data/spot/") != path.npos) return "spot";
  if (path.find("data/futures/cm/") != path.npos) return "COIN-M";
  // `BTCUSD_PERP`, `BTCUSD_240628`; USD-M delivery contracts are `BTCUSDT_240628`.
  const std::string_view file = path.substr(path.find_last_of("/:") + 1);
  const std::size_t at = file.find("USD_");
  if (at == file.npos || at == 0) return std::nullopt;
  const std::string_view contract = file.substr(at + 4);
  const bool dated = contract.size() >= 6 && std::ranges::all_of(contract.substr(0, 6), is_digit);
  if (contract.starts_with("PERP") || dated) return "COIN-M";
  return std::nullopt;
}

}  // namespace toxvol::csv
