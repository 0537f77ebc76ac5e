#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/events.hpp"

/// Hand-made rows and a hand-driven exchange for the tests of the strategy.
namespace toxvol::strategy::testing {

/// Prices in tenths (one tick), quantities in thousandths (one lot), whole money.
constexpr Price px(std::int64_t tenths) {
  return Price::from_raw(tenths * (Price::kOne / 10));
}
constexpr Qty qty(std::int64_t lots) {
  return Qty::from_raw(lots * (Qty::kOne / 1000));
}
constexpr Money usdt(std::int64_t whole) {
  return Money::from_raw(whole * Money::kOne);
}
constexpr Rate rate(std::int64_t e8) {
  return Rate::from_raw(e8);
}

// 2024-03-05 00:00 UTC.
constexpr Timestamp kFrom = from_ms(1'709'596'800'000);

constexpr Timestamp at_s(std::int64_t seconds) {
  return kFrom + std::chrono::seconds{seconds};
}

inline Instrument instrument() {
  Instrument made;
  made.symbol = "BTCUSDT";
  made.tick = {{.from = {}, .value = px(1)}};
  made.lot = qty(1);
  made.min_qty = qty(1);
  made.min_notional = {{.from = {}, .value = usdt(100)}};
  made.fees = {{.from = {},
                .value = {{.tier = "VIP0", .maker = rate(20'000), .taker = rate(50'000)},
                          {.tier = "VIP1", .maker = rate(16'000), .taker = rate(40'000)}}}};
  return made;
}

/// Preset A with horizons whose roots are whole: √16 = 4.
inline StrategyParams params() {
  StrategyParams made;
  made.guards.daily_loss_bp = 200;
  made.exit.horizon = made.exit.stop_horizon = std::chrono::minutes{16};
  return made;
}

/// The same with entries that rest at the touch.
inline StrategyParams post_only() {
  StrategyParams made = params();
  made.entry.order = EntryOrder::PostOnly;
  return made;
}

constexpr Inputs kAllInputs{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

/// A decision row of the neutral regime at which alpha A goes long.
inline factors::FactorRow long_row(std::int64_t minute) {
  factors::FactorRow row;
  row.ts = kFrom + minute * kMinute;
  row.ts_init = row.ts + std::chrono::microseconds{800};
  row.close = px(500'000);
  row.quote_age_s = 0.1;
  row.decides = true;
  row.volatility.sigma = 0.0006;
  row.volatility.f1 = 1.0;
  row.thresholds.q_f1 = 0.8;
  row.pressure.p = 1.5;
  row.thresholds.q_p = 1.2;
  row.thresholds.q_p_b = 1.2;
  row.thresholds.t_rank = 0.25;
  row.gated.toxic = false;
  row.gated.f2 = 1.5;
  return row;
}

inline factors::FactorRow short_row(std::int64_t minute) {
  auto row = long_row(minute);
  row.pressure.p = -1.5;
  row.gated.f2 = -1.5;
  return row;
}

/// No signal: the pressure is weak.
inline factors::FactorRow quiet_row(std::int64_t minute) {
  auto row = long_row(minute);
  row.pressure.p = 0.1;
  row.gated.f2 = 0.1;
  return row;
}

inline trading::Touch touch(std::int64_t bid_tenths, std::int64_t ask_tenths, Timestamp ts = {}) {
  return {.bid = px(bid_tenths),
          .ask = px(ask_tenths),
          .bid_qty = qty(5'000),
          .ask_qty = qty(5'000),
          .ts_event = ts};
}

/// A trader and an exchange that answers only when told to.
class Bench {
 public:
  explicit Bench(StrategyParams params = testing::params(), Inputs inputs = kAllInputs,
                 Instrument table = instrument(), std::shared_ptr<OwnSignal> own = nullptr)
      : trader{{.params = std::move(params),
                .instrument = std::move(table),
                .inputs = inputs,
                .from = kFrom,
                .own = std::move(own)}} {}

  /// A row seen 10 ms after its ts_init, with `touch_now` as the touch, `touch_age` old at the
  /// row's end; its verdict.
  std::optional<Verdict> row(const factors::FactorRow& factors) {
    sent.clear();
    if (touch_now) touch_now->ts_event = factors.ts - touch_age;
    const trading::RowSeen seen{.ts_seen = factors.ts_init + std::chrono::milliseconds{10},
                                .row = minute_,
                                .touch = touch_now};
    return trader.on(seen, factors, sent);
  }
  trading::Reason reason(const factors::FactorRow& factors) { return row(factors).value().reason; }

  void quote(Timestamp ts, std::int64_t bid_tenths, std::int64_t ask_tenths) {
    sent.clear();
    touch_now = testing::touch(bid_tenths, ask_tenths, ts);
    trader.on(trading::QuoteSeen{.ts_seen = ts, .touch = *touch_now}, sent);
  }
  void trade(Timestamp ts, std::int64_t tenths) {
    sent.clear();
    const Trade made{.ts_event = ts, .ts_init = ts, .price = px(tenths), .qty = qty(1)};
    trader.on(trading::TradeSeen{.ts_seen = ts, .trade = made}, sent);
  }
  void funding(Timestamp calc_time, std::int64_t rate_e8) {
    const Funding made{.ts_event = calc_time,
                       .ts_init = calc_time + std::chrono::microseconds{950},
                       .rate = rate(rate_e8)};
    trader.on(trading::FundingSeen{.ts_seen = made.ts_init + std::chrono::milliseconds{10},
                                   .funding = made});
  }

  void fill(const trading::Submit& order, Timestamp ts, std::int64_t price_tenths, Qty filled,
            bool done = true, Money fee = {}) {
    trader.on(trading::FillSeen{.ts_seen = ts + std::chrono::milliseconds{10},
                                .ts_event = ts,
                                .id = order.id,
                                .side = order.side,
                                .price = px(price_tenths),
                                .qty = filled,
                                .fee = fee,
                                .order_done = done});
  }
  void fill(const trading::Submit& order, Timestamp ts, std::int64_t price_tenths) {
    fill(order, ts, price_tenths, order.qty);
  }
  void tell(const trading::Submit& order, Timestamp ts, trading::OrderSeen::What what) {
    trader.on(trading::OrderSeen{.ts_seen = ts, .ts_event = ts, .id = order.id, .what = what});
  }
  void accept(const trading::Submit& order, Timestamp ts) {
    tell(order, ts, trading::OrderSeen::What::Accepted);
  }
  void reject(const trading::Submit& order, Timestamp ts) {
    tell(order, ts, trading::OrderSeen::What::Rejected);
  }
  void canceled(const trading::Submit& order, Timestamp ts) {
    tell(order, ts, trading::OrderSeen::What::Canceled);
  }

  /// The n-th command of the last call, as a submit or a cancel.
  [[nodiscard]] const trading::Submit& submit(std::size_t n = 0) const {
    return std::get<trading::Submit>(sent.at(n));
  }
  [[nodiscard]] trading::OrderId canceled_id(std::size_t n = 0) const {
    return std::get<trading::Cancel>(sent.at(n)).id;
  }

  /// Decides long at minute 1 and fills the entry at 50000.1, 100 ms later.
  trading::Submit open_long() { return open(long_row(1), 500'001); }
  trading::Submit open_short() { return open(short_row(1), 500'000); }

  Trader trader;
  std::vector<trading::Command> sent;  // by the last call
  std::optional<trading::Touch> touch_now = testing::touch(500'000, 500'001);
  Duration touch_age = std::chrono::milliseconds{100};

 private:
  trading::Submit open(const factors::FactorRow& decision, std::int64_t price_tenths) {
    row(decision);
    const trading::Submit entry = submit();
    fill(entry, decision.ts + std::chrono::milliseconds{100}, price_tenths);
    return entry;
  }

  MinuteRow minute_;
};

}  // namespace toxvol::strategy::testing
