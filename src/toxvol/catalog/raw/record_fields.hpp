#pragma once

#include <cstdint>
#include <tuple>
#include <utility>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// Every field of a record, in the order of core/market.hpp.
[[nodiscard]] inline auto fields(const Trade& row) {
  return std::tie(row.ts_event, row.ts_init, row.agg_trade_id, row.price, row.qty, row.aggressor,
                  row.first_trade_id, row.last_trade_id);
}
[[nodiscard]] inline auto fields(const Quote& row) {
  return std::tie(row.ts_event, row.ts_init, row.update_id, row.bid, row.ask, row.bid_qty,
                  row.ask_qty, row.ts_sent);
}
[[nodiscard]] inline auto fields(const Bar& row) {
  return std::tie(row.ts_event, row.ts_init, row.open, row.high, row.low, row.close, row.volume,
                  row.quote_volume, row.count, row.taker_buy_volume, row.taker_buy_quote_volume);
}
[[nodiscard]] inline auto fields(const Metrics& row) {
  return std::tie(row.ts_event, row.ts_init, row.open_interest, row.open_interest_value,
                  row.toptrader_count_ls, row.toptrader_sum_ls, row.count_ls, row.taker_ls);
}
[[nodiscard]] inline auto fields(const Funding& row) {
  return std::tie(row.ts_event, row.ts_init, row.rate, row.interval_hours);
}

/// Whether two rows say the same, whenever they become known.
template <class Record>
[[nodiscard]] bool is_same(Record a, const Record& b) {
  a.ts_init = b.ts_init;
  return fields(a) == fields(b);
}

/// What orders the rows of a kind: time, then id.
using RowKey = std::pair<Timestamp, std::int64_t>;
template <class Record>
[[nodiscard]] RowKey key_of(const Record& row) {
  return {row.ts_event, 0};
}
[[nodiscard]] inline RowKey key_of(const Trade& row) {
  return {row.ts_event, row.agg_trade_id};
}
[[nodiscard]] inline RowKey key_of(const Quote& row) {
  return {row.ts_event, row.update_id};
}

}  // namespace toxvol::catalog
