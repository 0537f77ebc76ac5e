// Source rows (quotes and trades) a second through the whole engine: one post-only order a side
// each second, risk-averse queue, 1 ms order latency, as in the peers' measurements.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/instrument.hpp"
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

namespace {

using namespace toxvol;
using bench::kLot;
using bench::kTick;

constexpr std::int64_t kStart = 1'704'153'600'000;
constexpr std::int64_t kSeconds = 20'000;
constexpr std::int64_t kQuotesPerSecond = 200;  // in bursts: several share a millisecond
constexpr std::int64_t kTradesPerSecond = 30;

/// A random walk at the touch; sizes change far more often than prices, as recorded.
struct Ticks {
  std::vector<Quote> quotes;
  std::vector<Trade> trades;

  Ticks() {
    std::uint64_t state = 1;
    const auto random = [&](std::int64_t n) {
      state = splitmix64(state);
      return static_cast<std::int64_t>(state % static_cast<std::uint64_t>(n));
    };
    std::int64_t bid = 400'000 * kTick;
    std::int64_t last_ms = 0;
    std::int64_t in_ms = 0;
    for (std::int64_t i = 0; i < kSeconds * kQuotesPerSecond; ++i) {
      const std::int64_t burst = i / 4;
      const std::int64_t at = kStart + burst * 4'000 / kQuotesPerSecond;
      in_ms = at == last_ms ? in_ms + 1 : 0;
      last_ms = at;
      if (random(20) == 0) bid += (random(3) - 1) * kTick;
      Quote quote;
      quote.ts_event = quote.ts_sent = from_ms(at);
      quote.ts_init = quote.ts_event + Duration{300'000 + in_ms};
      quote.update_id = i;
      quote.bid = Price::from_raw(bid);
      quote.ask = Price::from_raw(bid + kTick);
      quote.bid_qty = Qty::from_raw((1 + random(20'000)) * kLot);
      quote.ask_qty = Qty::from_raw((1 + random(20'000)) * kLot);
      quotes.push_back(quote);
      if (i % (kQuotesPerSecond / kTradesPerSecond) == 0 && in_ms == 0) {
        Trade trade;
        trade.ts_event = trade.ts_init = from_ms(at);
        trade.agg_trade_id = i;
        trade.aggressor = random(2) == 0 ? Side::Buy : Side::Sell;
        trade.price = trade.aggressor == Side::Buy ? quote.ask : quote.bid;
        trade.qty = Qty::from_raw((1 + random(2'000)) * kLot);
        trades.push_back(trade);
      }
    }
  }
};

const Ticks& ticks() {
  static const Ticks result;
  return result;
}

struct NoFolding {
  MinuteRow row;
  void on(const Trade&) {}
  void on(const Quote&) {}
  void on(std::span<const Trade>) {}
  void on(std::span<const Quote>) {}
  const MinuteRow& close(const Bar& bar) {
    row.bar = bar;
    return row;
  }
};

/// Every second: cancel both orders, post a BUY at the bid and a SELL at the ask.
class Maker {
 public:
  explicit Maker(bool trades) { wake_.at = trades ? from_ms(kStart + 1'000) : Timestamp::max(); }

  void on(const trading::QuoteSeen& seen, std::vector<trading::Command>& out) {
    if (seen.ts_seen < *wake_.at) return;
    *wake_.at += std::chrono::seconds{1};
    if (next_ > 1) {
      out.emplace_back(trading::Cancel{trading::OrderId{next_ - 2}});
      out.emplace_back(trading::Cancel{trading::OrderId{next_ - 1}});
    }
    post(Side::Buy, seen.touch.bid, out);
    post(Side::Sell, seen.touch.ask, out);
  }
  void on(const trading::RowSeen&, std::vector<trading::Command>&) {}
  void on(const trading::TradeSeen&, std::vector<trading::Command>&) {}
  void on(const trading::MetricsSeen&, std::vector<trading::Command>&) {}
  void on(const trading::FundingSeen&, std::vector<trading::Command>&) {}
  void on(const trading::AlarmSeen&, std::vector<trading::Command>&) {}
  void on(const trading::OrderSeen&) {}
  void on(const trading::FillSeen&) {}
  [[nodiscard]] const trading::Wake& wake() const { return wake_; }
  [[nodiscard]] std::optional<Price> stop() const { return std::nullopt; }
  [[nodiscard]] std::optional<Price> take_profit() const { return std::nullopt; }

 private:
  void post(Side side, Price price, std::vector<trading::Command>& out) {
    trading::Submit submit;
    submit.id = trading::OrderId{next_++};
    submit.side = side;
    submit.type = trading::OrderType::Limit;
    submit.post_only = true;
    submit.price = price;
    submit.qty = Qty::from_raw(10 * kLot);
    out.emplace_back(submit);
  }

  trading::Wake wake_;
  std::int64_t next_ = 1;
};

struct Counter final : trading::Recorder {
  std::int64_t fills = 0;
  void record(const trading::OrderRecord&) override {}
  void record(const trading::CommandRecord&) override {}
  void record(const trading::FillRecord&) override { ++fills; }
  void record(const trading::PositionRecord&) override {}
  void record(const trading::EquityRecord&) override {}
};

void replay(benchmark::State& state, bool trades, engine::QueueModel queue) {
  const Instrument instrument = bench::instrument(1'000'000);
  engine::EngineParams params;
  params.exchange.order_latency.value = std::chrono::milliseconds{1};
  params.exchange.queue = queue;
  params.inputs = {.trades = true, .quotes = true};
  params.deposit = Money::from_raw(1'000'000 * Money::kOne);
  params.from = from_ms(kStart);
  params.to = from_ms(kStart + kSeconds * 1'000);

  std::int64_t fills = 0;
  for (auto _ : state) {
    constexpr std::size_t kBlock = 8'192;
    MarketData data;
    data.quotes = std::make_unique<toxvol::test::Rows<Quote>>(std::span{ticks().quotes}, kBlock);
    data.trades = std::make_unique<toxvol::test::Rows<Trade>>(std::span{ticks().trades}, kBlock);
    Maker maker{trades};
    NoFolding folding;
    Counter counter;
    Progress silent;
    engine::RealisticRun<Maker, NoFolding> run{params, instrument, maker, folding, counter};
    run.run(data, silent);
    fills = counter.fills;
  }
  state.counters["fills"] = static_cast<double>(fills);
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(ticks().quotes.size() + ticks().trades.size()));
}

void one_order_a_side_each_second(benchmark::State& state) {
  replay(state, true, engine::QueueModel::RiskAverse);
}
BENCHMARK(one_order_a_side_each_second)->Unit(benchmark::kMillisecond);

void the_same_with_proportional_queues(benchmark::State& state) {
  replay(state, true, engine::QueueModel::Proportional);
}
BENCHMARK(the_same_with_proportional_queues)->Unit(benchmark::kMillisecond);

void no_orders_at_all(benchmark::State& state) {
  replay(state, false, engine::QueueModel::RiskAverse);
}
BENCHMARK(no_orders_at_all)->Unit(benchmark::kMillisecond);

}  // namespace
