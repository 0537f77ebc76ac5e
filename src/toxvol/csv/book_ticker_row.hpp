#pragma once

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

inline constexpr std::array<std::string_view, 7> kBookTickerColumns{
    "update_id",    "best_bid_price",   "best_bid_qty", "best_ask_price",
    "best_ask_qty", "transaction_time", "event_time"};

/// One row of bookTicker, its fields in the order of `kBookTickerColumns`; `ts_init` is left zero.
/// A negative price or size is a bad row; crossed, locked and empty books are for `quality` to
/// find.
[[nodiscard]] Expected<Quote, RowError> parse_book_ticker(
    const std::array<std::string_view, 7>& fields, TimeUnit unit) noexcept;

}  // namespace toxvol::csv
