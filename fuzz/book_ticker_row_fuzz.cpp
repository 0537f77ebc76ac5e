// No price or size that is taken is negative; what the fast parser takes, the careful one reads
// alike.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/row.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/book_ticker_row.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view line = fuzz::text(data, size);
  const auto fast = fuzz::fast<Quote>(line);
  if (line.ends_with('\r')) line.remove_suffix(1);  // as the file reader does
  const auto fields = fuzz::split<7>(line);
  fuzz::require(fields.has_value() || !fast.has_value());
  if (!fields) return 0;
  const auto quote = csv::parse_book_ticker(*fields, csv::TimeUnit::Milliseconds);
  if (quote) {
    fuzz::require(quote->bid >= Price{} && quote->ask >= Price{});
    fuzz::require(quote->bid_qty >= Qty{} && quote->ask_qty >= Qty{});
    fuzz::require(quote->ts_event > Timestamp{} && quote->ts_sent > Timestamp{});
  }
  if (!fast) return 0;
  fuzz::require(quote.has_value());
  fuzz::require(quote->update_id == fast->update_id && quote->bid == fast->bid &&
                quote->ask == fast->ask && quote->bid_qty == fast->bid_qty &&
                quote->ask_qty == fast->ask_qty && quote->ts_event == fast->ts_event &&
                quote->ts_sent == fast->ts_sent);
  return 0;
}

}  // namespace toxvol
