// A bar that is taken has 0 < low <= open, close <= high, ends on a whole minute and has no
// negative volume.
#include <cstddef>
#include <cstdint>

#include "fuzz/row.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/kline_row.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fields = fuzz::split<12>(fuzz::text(data, size));
  if (!fields) return 0;
  for (const auto unit :
       {csv::TimeUnit::Seconds, csv::TimeUnit::Milliseconds, csv::TimeUnit::Microseconds}) {
    const auto bar = csv::parse_kline(*fields, unit);
    if (!bar) continue;
    fuzz::require(bar->low > Price{} && bar->low <= bar->open && bar->low <= bar->close);
    fuzz::require(bar->open <= bar->high && bar->close <= bar->high);
    fuzz::require(bar->ts_event.time_since_epoch() % kMinute == Duration{});
    fuzz::require(bar->volume >= Qty{} && bar->taker_buy_volume >= Qty{} && bar->count >= 0);
    fuzz::require(bar->quote_volume >= Money{} && bar->taker_buy_quote_volume >= Money{});
  }
  return 0;
}

}  // namespace toxvol
