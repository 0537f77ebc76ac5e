#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/support/rows.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

/// Small markets written by hand, a strategy that plays a list, and what a run leaves behind.
namespace toxvol::engine::test {

inline Price price(double value) {
  return Price::from_raw(std::llround(value * 1e8));
}
inline Qty qty(double value) {
  return Qty::from_raw(std::llround(value * 1e8));
}
inline Money money(double value) {
  return Money::from_raw(std::llround(value * 1e8));
}
inline Mark mark(double mid) {
  return Mark{2 * price(mid).raw()};
}
inline Rate rate(double value) {
  return Rate::from_raw(std::llround(value * 1e8));
}

/// The run's first millisecond: 2024-01-02T00:00:00Z. Times of tests are ms after it.
constexpr std::int64_t kStart = 1'704'153'600'000;
inline Timestamp ms(std::int64_t after) {
  return from_ms(kStart + after);
}

/// Tick 0.1, lot 0.001, minimum notional 5, fees 2 / 5 bp, no brackets.
inline Instrument instrument() {
  Instrument result;
  result.symbol = "BTCUSDT";
  result.tick = {{Timestamp{}, price(0.1)}};
  result.lot = qty(0.001);
  result.min_qty = qty(0.001);
  result.min_notional = {{Timestamp{}, money(5)}};
  result.fees = {{Timestamp{}, {Fee{"VIP0", rate(0.0002), rate(0.0005)}}}};
  return result;
}

/// No maintenance at all: liquidated when margin + unrealised = 0.
inline Instrument bare() {
  Instrument on = instrument();
  on.brackets = {{Timestamp{}, {{money(1e6), Rate{}, 20}}}};
  return on;
}

/// The exchange takes orders of any worth.
inline Instrument of_any_notional() {
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, Money{}}};
  return on;
}

/// No latency, all inputs, ten minutes.
inline EngineParams params() {
  EngineParams result;
  result.exchange.order_latency.value = Duration{};
  result.exchange.data_latency.value = Duration{};
  result.exchange.leverage = 10;
  result.inputs = {.trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};
  result.from = ms(0);
  result.to = ms(600'000);
  return result;
}

using toxvol::test::Rows;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{seed} {}
  std::int64_t below(std::int64_t n) {
    state_ = splitmix64(state_);
    return static_cast<std::int64_t>(state_ % static_cast<std::uint64_t>(n));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// Rows of all kinds; `ts_init` as the catalog assigns it.
struct Market {
  std::vector<Trade> trades;
  std::vector<Quote> quotes;
  std::vector<Bar> bars;
  std::vector<Metrics> metrics;
  std::vector<Funding> funding;
  std::size_t block = 3;  // rows a block: small, so that every test crosses block ends

  Market& quote(std::int64_t at, double bid, double bid_qty, double ask, double ask_qty) {
    Quote row;
    row.ts_event = row.ts_sent = ms(at);
    row.ts_init = row.ts_event + Duration{300'000};
    if (!quotes.empty() && quotes.back().ts_event == row.ts_event) {
      row.ts_init = quotes.back().ts_init + Duration{1};
    }
    row.update_id = static_cast<std::int64_t>(quotes.size()) + 1;
    row.bid = price(bid);
    row.ask = price(ask);
    row.bid_qty = test::qty(bid_qty);
    row.ask_qty = test::qty(ask_qty);
    quotes.push_back(row);
    return *this;
  }
  Market& trade(std::int64_t at, Side aggressor, double at_price, double size) {
    Trade row;
    row.ts_event = row.ts_init = ms(at);
    if (!trades.empty() && trades.back().ts_event == row.ts_event) {
      row.ts_init = trades.back().ts_init + Duration{1};
    }
    row.agg_trade_id = static_cast<std::int64_t>(trades.size()) + 1;
    row.price = test::price(at_price);
    row.qty = test::qty(size);
    row.aggressor = aggressor;
    trades.push_back(row);
    return *this;
  }
  /// The bar that ends `end` ms after the start.
  Market& bar(std::int64_t end, double open, double high, double low, double close) {
    Bar row;
    row.ts_event = ms(end);
    row.ts_init = row.ts_event + Duration{800'000};
    row.open = test::price(open);
    row.high = test::price(high);
    row.low = test::price(low);
    row.close = test::price(close);
    bars.push_back(row);
    return *this;
  }
  Market& fund(std::int64_t at, double value) {
    Funding row;
    row.ts_event = ms(at);
    row.ts_init = row.ts_event + Duration{950'000};
    row.rate = test::rate(value);
    funding.push_back(row);
    return *this;
  }

  [[nodiscard]] MarketData data() const {
    MarketData result;
    result.trades = std::make_unique<Rows<Trade>>(trades, block);
    result.quotes = std::make_unique<Rows<Quote>>(quotes, block);
    result.bars = std::make_unique<Rows<Bar>>(bars, block);
    result.metrics = std::make_unique<Rows<Metrics>>(metrics, block);
    result.funding = std::make_unique<Rows<Funding>>(funding, block);
    return result;
  }
};

struct NoFolding {
  MinuteRow row;
  std::int64_t trades = 0;
  std::int64_t quotes = 0;
  void on(const Trade&) { ++trades; }
  void on(const Quote&) { ++quotes; }
  void on(std::span<const Trade> rows) { trades += std::ssize(rows); }
  void on(std::span<const Quote> rows) { quotes += std::ssize(rows); }
  const MinuteRow& close(const Bar& bar) {
    row.bar = bar;
    return row;
  }
};

struct Told {
  std::string what;
  Timestamp seen{};
};

/// Sends commands at given times (by alarm), and does what a test hooks in on other events.
class Player {
 public:
  trading::Wake waking;
  std::optional<Price> stop_level;
  std::optional<Price> target_level;
  std::function<void(const trading::RowSeen&, std::vector<trading::Command>&)> on_row;
  std::function<void(const trading::QuoteSeen&, std::vector<trading::Command>&)> on_quote;
  std::function<void(const trading::TradeSeen&, std::vector<trading::Command>&)> on_trade;
  std::function<void(const trading::FillSeen&)> on_fill;
  std::vector<Told> told;
  std::vector<trading::FillSeen> fills;
  std::vector<trading::OrderSeen> orders;
  std::int64_t next_id = 1'000;

  void at(Timestamp when, trading::Command command) { list_[when].push_back(command); }

  void on(const trading::RowSeen& row, std::vector<trading::Command>& out) {
    told.push_back({"row", row.ts_seen});
    if (on_row) on_row(row, out);
  }
  void on(const trading::QuoteSeen& quote, std::vector<trading::Command>& out) {
    told.push_back({"quote", quote.ts_seen});
    if (on_quote) on_quote(quote, out);
  }
  void on(const trading::TradeSeen& trade, std::vector<trading::Command>& out) {
    told.push_back({"trade", trade.ts_seen});
    if (on_trade) on_trade(trade, out);
  }
  void on(const trading::MetricsSeen& seen, std::vector<trading::Command>&) {
    told.push_back({"metrics", seen.ts_seen});
  }
  void on(const trading::FundingSeen& seen, std::vector<trading::Command>&) {
    told.push_back({"funding", seen.ts_seen});
  }
  void on(const trading::AlarmSeen& seen, std::vector<trading::Command>& out) {
    told.push_back({"alarm", seen.ts_seen});
    while (!list_.empty() && list_.begin()->first <= seen.ts_seen) {
      for (auto& command : list_.begin()->second) out.push_back(command);
      list_.erase(list_.begin());
    }
  }
  void on(const trading::OrderSeen& seen) {
    told.push_back({"order", seen.ts_seen});
    orders.push_back(seen);
  }
  void on(const trading::FillSeen& seen) {
    told.push_back({"fill", seen.ts_seen});
    fills.push_back(seen);
    if (on_fill) on_fill(seen);
  }
  [[nodiscard]] trading::Wake wake() const {
    trading::Wake result = waking;
    if (!list_.empty()) result.alarm = list_.begin()->first;
    return result;
  }
  [[nodiscard]] std::optional<Price> stop() const { return stop_level; }
  [[nodiscard]] std::optional<Price> take_profit() const { return target_level; }
  trading::Submit exit_on_bar(trading::Role role, Price trigger, Timestamp ts) {
    trading::Submit submit;
    submit.id = trading::OrderId{next_id++};
    submit.side = exit_side;
    submit.reduce_only = true;
    submit.qty = exit_qty;
    submit.intent.role = role;
    submit.intent.trigger_price = trigger;
    submit.intent.trigger_ts = ts;
    if (limit_exits && role == trading::Role::TakeProfit) {
      submit.type = trading::OrderType::Limit;
      submit.price = trigger;
    }
    stop_level.reset();
    target_level.reset();
    return submit;
  }
  Side exit_side = Side::Sell;
  Qty exit_qty{};
  bool limit_exits = false;

 private:
  std::map<Timestamp, std::vector<trading::Command>> list_;
};

static_assert(trading::Strategy<Player>);
static_assert(trading::Folding<NoFolding>);

struct Records {
  std::vector<trading::OrderRecord> orders;
  std::vector<trading::CommandRecord> commands;
  std::vector<trading::FillRecord> fills;
  std::vector<trading::PositionRecord> positions;
  std::vector<trading::EquityRecord> equity;

  [[nodiscard]] const trading::OrderRecord& order(std::int64_t id) const {
    for (const auto& row : orders) {
      if (row.submit.id == trading::OrderId{id}) return row;
    }
    throw Error{"test: no such order"};
  }
};

struct Tape final : trading::Recorder, Records {
  void record(const trading::OrderRecord& row) override { orders.push_back(row); }
  void record(const trading::CommandRecord& row) override { commands.push_back(row); }
  void record(const trading::FillRecord& row) override { fills.push_back(row); }
  void record(const trading::PositionRecord& row) override { positions.push_back(row); }
  void record(const trading::EquityRecord& row) override { equity.push_back(row); }
};

/// Runs `player` through `market`.
inline void play(const Market& market, Player& player, Tape& tape,
                 const EngineParams& with = params(), const Instrument& on = instrument()) {
  NoFolding folding;
  MarketData data = market.data();
  Progress silent;
  RealisticRun<Player, NoFolding> run{with, on, player, folding, tape};
  run.run(data, silent);
}

inline trading::Submit market_order(std::int64_t id, Side side, double size) {
  trading::Submit submit;
  submit.id = trading::OrderId{id};
  submit.side = side;
  submit.qty = qty(size);
  submit.intent.role = trading::Role::Script;
  return submit;
}
inline trading::Submit limit_order(std::int64_t id, Side side, double at, double size) {
  trading::Submit submit = market_order(id, side, size);
  submit.type = trading::OrderType::Limit;
  submit.price = price(at);
  return submit;
}
inline trading::Submit post_only(std::int64_t id, Side side, double at, double size) {
  trading::Submit submit = limit_order(id, side, at, size);
  submit.post_only = true;
  return submit;
}
inline trading::Submit reduce_only(trading::Submit submit) {
  submit.reduce_only = true;
  return submit;
}
inline trading::Cancel cancel(std::int64_t id) {
  return {trading::OrderId{id}};
}

}  // namespace toxvol::engine::test
