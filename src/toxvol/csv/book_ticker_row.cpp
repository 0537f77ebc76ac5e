#include "toxvol/csv/book_ticker_row.hpp"

#include <array>
#include <cstdint>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/row_fields.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {
enum Column : int { kUpdateId, kBid, kBidQty, kAsk, kAskQty, kTransactionTime, kEventTime };
}  // namespace

Expected<Quote, RowError> parse_book_ticker(const std::array<std::string_view, 7>& fields,
                                            TimeUnit unit) noexcept {
  RowFields row{fields};
  const auto not_negative = [&row](int field) {
    const std::int64_t value = row.e8(field);
    row.check(value >= 0, RowFault::OutOfRange, field);
    return value;
  };
  Quote quote;
  quote.update_id = row.integer(kUpdateId);
  quote.bid = Price::from_raw(not_negative(kBid));
  quote.bid_qty = Qty::from_raw(not_negative(kBidQty));
  quote.ask = Price::from_raw(not_negative(kAsk));
  quote.ask_qty = Qty::from_raw(not_negative(kAskQty));
  quote.ts_event = row.time(kTransactionTime, unit);
  quote.ts_sent = row.time(kEventTime, unit);
  if (row.failed()) return row.error();
  return quote;
}

}  // namespace toxvol::csv
