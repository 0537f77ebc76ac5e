// A trade that is taken has a price and a quantity; what the fast parser takes, the careful one
// reads alike.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/row.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/agg_trade_row.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view line = fuzz::text(data, size);
  const auto fast = fuzz::fast<Trade>(line);
  if (line.ends_with('\r')) line.remove_suffix(1);  // as the file reader does
  const auto fields = fuzz::split<7>(line);
  fuzz::require(fields.has_value() || !fast.has_value());
  if (!fields) return 0;
  for (const auto unit :
       {csv::TimeUnit::Seconds, csv::TimeUnit::Milliseconds, csv::TimeUnit::Microseconds}) {
    const auto trade = csv::parse_agg_trade(*fields, unit);
    if (trade) {
      fuzz::require(trade->price > Price{} && trade->qty > Qty{});
      fuzz::require(trade->ts_event > Timestamp{} && trade->ts_init == Timestamp{});
    }
    if (unit != csv::TimeUnit::Milliseconds || !fast) continue;
    fuzz::require(trade.has_value());
    fuzz::require(trade->agg_trade_id == fast->agg_trade_id && trade->price == fast->price &&
                  trade->qty == fast->qty && trade->aggressor == fast->aggressor &&
                  trade->first_trade_id == fast->first_trade_id &&
                  trade->last_trade_id == fast->last_trade_id && trade->ts_event == fast->ts_event);
  }
  return 0;
}

}  // namespace toxvol
