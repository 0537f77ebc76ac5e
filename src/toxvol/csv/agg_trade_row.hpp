#pragma once

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

inline constexpr std::array<std::string_view, 7> kAggTradeColumns{
    "agg_trade_id",  "price",         "quantity",      "first_trade_id",
    "last_trade_id", "transact_time", "is_buyer_maker"};

/// One row of aggTrades, its fields in the order of `kAggTradeColumns`; `ts_init` is left zero.
/// Price and quantity are above zero.
[[nodiscard]] Expected<Trade, RowError> parse_agg_trade(
    const std::array<std::string_view, 7>& fields, TimeUnit unit) noexcept;

}  // namespace toxvol::csv
