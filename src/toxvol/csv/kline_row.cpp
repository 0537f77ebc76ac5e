#include "toxvol/csv/kline_row.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/row_fields.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {

enum Column : int {
  kOpenTime,
  kOpen,
  kHigh,
  kLow,
  kClose,
  kVolume,
  kCloseTime,
  kQuoteVolume,
  kCount,
  kTakerBuyVolume,
  kTakerBuyQuoteVolume
  // `ignore` is not looked at.
};

Duration one_of(TimeUnit unit) noexcept {
  return Duration{std::chrono::seconds{1}} / units_per_second(unit);
}

}  // namespace

Expected<Bar, RowError> parse_kline(const std::array<std::string_view, 12>& fields,
                                    TimeUnit unit) noexcept {
  RowFields row{fields};
  const auto above_zero = [&row](int field) {
    const std::int64_t value = row.e8(field);
    row.check(value > 0, RowFault::OutOfRange, field);
    return value;
  };
  const auto not_negative = [&row](int field) {
    const std::int64_t value = row.e8(field);
    row.check(value >= 0, RowFault::OutOfRange, field);
    return value;
  };
  Bar bar;
  const Timestamp open_time = row.time(kOpenTime, unit);
  row.check(open_time.time_since_epoch() % kMinute == Duration{}, RowFault::BadTime, kOpenTime);
  bar.ts_event = open_time + kMinute;
  bar.open = Price::from_raw(above_zero(kOpen));
  bar.high = Price::from_raw(above_zero(kHigh));
  bar.low = Price::from_raw(above_zero(kLow));
  bar.close = Price::from_raw(above_zero(kClose));
  row.check(bar.low <= bar.high, RowFault::Inconsistent, kHigh);
  row.check(bar.low <= bar.open && bar.open <= bar.high, RowFault::Inconsistent, kOpen);
  row.check(bar.low <= bar.close && bar.close <= bar.high, RowFault::Inconsistent, kClose);
  bar.volume = Qty::from_raw(not_negative(kVolume));
  const Timestamp close_time = row.time(kCloseTime, unit);
  row.check(close_time == bar.ts_event - one_of(unit), RowFault::Inconsistent, kCloseTime);
  bar.quote_volume = Money::from_raw(not_negative(kQuoteVolume));
  bar.count = row.integer(kCount);
  row.check(bar.count >= 0, RowFault::OutOfRange, kCount);
  bar.taker_buy_volume = Qty::from_raw(not_negative(kTakerBuyVolume));
  bar.taker_buy_quote_volume = Money::from_raw(not_negative(kTakerBuyQuoteVolume));
  if (row.failed()) return row.error();
  return bar;
}

}  // namespace toxvol::csv
