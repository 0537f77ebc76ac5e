#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors::test {

constexpr std::int64_t kTickE8 = 10'000'000;                 // 0.1
constexpr Timestamp kMidnight = from_ms(1'704'067'200'000);  // 2024-01-01
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMinutesPerDay = 1440;

constexpr Timestamp at_ms(std::int64_t ms_after_midnight) {
  return kMidnight + ms_after_midnight * kMillisecond;
}

/// Prices in ticks of 0.1, sizes in whole units, as docs/factors/ofi.md writes them.
inline Quote quote(std::int64_t ms, std::int64_t bid, std::int64_t bid_qty, std::int64_t ask,
                   std::int64_t ask_qty) {
  Quote q;
  q.ts_event = at_ms(ms);
  q.ts_init = q.ts_event + Duration{300'000};
  q.bid = Price::from_raw(bid * kTickE8);
  q.ask = Price::from_raw(ask * kTickE8);
  q.bid_qty = Qty::from_raw(bid_qty * Qty::kOne);
  q.ask_qty = Qty::from_raw(ask_qty * Qty::kOne);
  q.ts_sent = q.ts_event;
  return q;
}

inline Trade trade(std::int64_t ms, Side aggressor, std::int64_t qty, std::int64_t price = 1000) {
  Trade t;
  t.ts_event = t.ts_init = at_ms(ms);
  t.price = Price::from_raw(price * kTickE8);
  t.qty = Qty::from_raw(qty * Qty::kOne);
  t.aggressor = aggressor;
  return t;
}

/// The bar whose minute ends `minute` minutes after midnight, flat at 100.
inline Bar flat_bar(std::int64_t minute, std::int64_t volume = 1, std::int64_t taker_buy = 0) {
  Bar bar;
  bar.ts_event = at_ms(minute * 60'000);
  bar.ts_init = bar.ts_event + Duration{800'000};
  bar.open = bar.high = bar.low = bar.close = Price::from_raw(100 * Price::kOne);
  bar.volume = Qty::from_raw(volume * Qty::kOne);
  bar.count = volume > 0 ? 1 : 0;
  bar.taker_buy_volume = Qty::from_raw(taker_buy * Qty::kOne);
  return bar;
}

inline Instrument instrument() {
  Instrument contract;
  contract.symbol = "BTCUSDT";
  contract.tick = {{.from = Timestamp{}, .value = Price::from_raw(kTickE8)}};
  return contract;
}

constexpr Inputs kAll{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};
constexpr Inputs kTradesAndBars{.trades = true, .bars = true};

}  // namespace toxvol::factors::test
