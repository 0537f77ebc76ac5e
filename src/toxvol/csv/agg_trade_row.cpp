#include "toxvol/csv/agg_trade_row.hpp"

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/row_fields.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {
enum Column : int { kId, kPrice, kQty, kFirst, kLast, kTime, kIsBuyerMaker };
}  // namespace

Expected<Trade, RowError> parse_agg_trade(const std::array<std::string_view, 7>& fields,
                                          TimeUnit unit) noexcept {
  RowFields row{fields};
  Trade trade;
  trade.agg_trade_id = row.integer(kId);
  trade.price = Price::from_raw(row.e8(kPrice));
  row.check(trade.price > Price{}, RowFault::OutOfRange, kPrice);
  trade.qty = Qty::from_raw(row.e8(kQty));
  row.check(trade.qty > Qty{}, RowFault::OutOfRange, kQty);
  trade.first_trade_id = row.integer(kFirst);
  trade.last_trade_id = row.integer(kLast);
  trade.ts_event = row.time(kTime, unit);
  // The buyer was resting, so the seller crossed.
  trade.aggressor = row.flag(kIsBuyerMaker) ? Side::Sell : Side::Buy;
  if (row.failed()) return row.error();
  return trade;
}

}  // namespace toxvol::csv
