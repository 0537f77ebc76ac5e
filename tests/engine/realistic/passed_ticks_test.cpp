// Ticks that nobody waits for are passed at once: every record is that of a run that handles each.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kLength = 45 * kMinuteMs;

/// 45 minutes with a tick every `gap` ms or so; quotes, trades or both fall silent now and then.
/// Prices wander far enough to liquidate a position at a leverage of 20.
Market wandering(std::uint64_t seed, std::int64_t gap) {
  Dice dice{seed};
  Market market;
  market.block = static_cast<std::size_t>(1 + dice.below(400));
  std::int64_t bid = 1'000;
  std::int64_t quotes_from = 0;
  std::int64_t trades_from = 0;
  std::int64_t minute = kMinuteMs;
  for (std::int64_t t = 0; t < kLength; t += dice.below(2 * gap)) {
    while (minute <= t) {
      const double close = static_cast<double>(bid) / 10;
      if (dice.below(12) != 0) market.bar(minute, close, close + 1, close - 1, close);
      if (dice.below(9) == 0)
        market.fund(minute + dice.below(3) * 7, dice.below(2) == 0 ? 1e-4 : -1e-4);
      minute += kMinuteMs;
    }
    if (dice.below(2'000) == 0) quotes_from = t + dice.below(5 * kMinuteMs);
    if (dice.below(2'000) == 0) trades_from = t + dice.below(5 * kMinuteMs);
    if (dice.below(4) == 0) bid += dice.below(7) - 3;
    bid = std::max<std::int64_t>(bid, 500);
    const auto as_price = [](std::int64_t ticks) { return static_cast<double>(ticks) / 10; };
    const auto as_qty = [](std::int64_t lots) { return static_cast<double>(lots) / 1'000; };
    if (dice.below(3) != 0 && t >= quotes_from) {
      const std::int64_t spread = dice.below(30) == 0 ? 0 : 1;  // 0: not usable (X5)
      market.quote(t, as_price(bid), as_qty(dice.below(900)), as_price(bid + spread),
                   as_qty(1 + dice.below(900)));
    } else if (t >= trades_from) {
      const bool buys = dice.below(2) == 0;
      market.trade(t, buys ? Side::Buy : Side::Sell, as_price(bid + (buys ? 1 : 0)),
                   as_qty(1 + dice.below(500)));
    }
  }
  return market;
}

/// What ticks a run was shown, and how many of them at once.
struct CountingFolding : NoFolding {
  using NoFolding::on;
  std::int64_t at_once = 0;
  void on(std::span<const Trade> rows) {
    NoFolding::on(rows);
    at_once += std::ssize(rows);
  }
  void on(std::span<const Quote> rows) {
    NoFolding::on(rows);
    at_once += std::ssize(rows);
  }
};

struct Played {
  Records records;
  std::vector<Told> told;
  CountingFolding folding;
};

/// Enters, exits, leaves orders to rest and waits for prices, by what it sees alone.
Played play(const Market& market, std::uint64_t seed, EngineParams with, bool passes) {
  Instrument on = instrument();
  on.min_notional = {{Timestamp{}, Money{}}};
  on.brackets = {{Timestamp{}, {{money(1e6), rate(0.005), 20}}},
                 {ms(20 * kMinuteMs), {{money(1e6), rate(0.01), 20}}}};
  with.exchange.leverage = 20;
  with.deposit = money(1'000);
  with.to = ms(kLength - 1'234);
  with.passes_ticks = passes;

  Player player;
  std::int64_t next = 1;
  const auto as_qty = [](std::int64_t lots) { return static_cast<double>(lots) / 1'000; };
  player.on_row = [&](const trading::RowSeen& row, std::vector<trading::Command>& out) {
    if (row.ts_seen < with.from) return;
    Dice dice{seed ^ splitmix64(static_cast<std::uint64_t>(to_ns(row.ts_seen)))};
    player.waking = {};
    const double close = static_cast<double>(row.row.bar.close.raw()) / 1e8;
    const Side side = dice.below(2) == 0 ? Side::Buy : Side::Sell;
    switch (dice.below(8)) {
      case 0:
        out.emplace_back(market_order(next++, side, as_qty(1 + dice.below(30'000))));
        break;
      case 1:
        out.emplace_back(limit_order(next++, side, close + (side == Side::Buy ? -2 : 2),
                                     as_qty(1 + dice.below(5'000))));
        break;
      case 2:
        if (next > 1) out.emplace_back(cancel(next - 1));
        break;
      default:
        break;
    }
    if (dice.below(2) == 0) {
      player.waking.bid_at_most = price(close - static_cast<double>(dice.below(40)) / 10);
      player.waking.trade_at_least = price(close + static_cast<double>(dice.below(40)) / 10);
    }
    if (dice.below(4) == 0) player.waking.ask_at_least = price(close + 2);
    if (dice.below(4) == 0) {
      player.waking.at = row.ts_seen + std::chrono::milliseconds{dice.below(50'000)};
    }
  };
  const auto leave = [&](std::vector<trading::Command>& out) {
    player.waking = {};
    out.emplace_back(reduce_only(market_order(next++, Side::Sell, 100)));
    out.emplace_back(reduce_only(market_order(next++, Side::Buy, 100)));
  };
  player.on_quote = [&](const trading::QuoteSeen&, auto& out) { leave(out); };
  player.on_trade = [&](const trading::TradeSeen&, auto& out) { leave(out); };
  // Orders that come whatever the data do.
  Dice dice{seed};
  for (int i = 0; i < 12; ++i) {
    player.at(with.from + std::chrono::milliseconds{dice.below(kLength / 2)},
              market_order(10'000 + i, i % 2 == 0 ? Side::Buy : Side::Sell,
                           as_qty(1 + dice.below(40'000))));
  }

  Played result;
  Tape tape;
  MarketData data = market.data();
  Progress silent;
  RealisticRun<Player, CountingFolding> run{with, on, player, result.folding, tape};
  run.run(data, silent);
  result.records = static_cast<Records&>(tape);
  result.told = player.told;
  return result;
}

auto all_of(const trading::FillRecord& r) {
  return std::tuple{
      r.fill_id,   r.order,          r.position,      r.ts,           r.ts_init,      r.side,
      r.liquidity, r.price,          r.qty,           r.fee,          r.mid_decision, r.mid_fill,
      r.slippage,  r.position_after, r.balance_after, r.equity_after, r.rule,         r.cause};
}
auto all_of(const trading::EquityRecord& r) {
  return std::tuple{r.seq,     r.ts,         r.cause,     r.mark,   r.position, r.realised, r.fees,
                    r.funding, r.unrealised, r.insurance, r.equity, r.margin,   r.drawdown};
}
auto all_of(const trading::OrderRecord& r) {
  return std::tuple{r.submit.id, r.position,    r.filled_qty, r.avg_price, r.ts_submit,
                    r.ts_arrive, r.ts_accepted, r.ts_done,    r.status,    r.reject_reason,
                    r.bid,       r.ask,         r.queue_ahead};
}
auto all_of(const trading::CommandRecord& r) {
  return std::tuple{r.seq, r.ts_sent, r.ts_arrive, r.kind, r.order, r.outcome};
}
auto all_of(const trading::PositionRecord& r) {
  return std::tuple{r.position, r.side,      r.exit_role, r.ts_open, r.ts_close,
                    r.qty_max,  r.avg_entry, r.avg_exit,  r.n_fills, r.realised,
                    r.fees,     r.funding,   r.slippage,  r.mae_bp,  r.mfe_bp};
}
auto all_of(const Told& r) {
  return std::tuple{r.what, r.seen};
}

template <class Row>
void expect_equal(const std::vector<Row>& passed, const std::vector<Row>& replayed,
                  const char* what) {
  ASSERT_EQ(passed.size(), replayed.size()) << what;
  for (std::size_t i = 0; i < passed.size(); ++i) {
    ASSERT_TRUE(all_of(passed[i]) == all_of(replayed[i])) << what << ' ' << i;
  }
}

void expect_equal(const Played& passed, const Played& replayed) {
  expect_equal(passed.told, replayed.told, "event");
  expect_equal(passed.records.commands, replayed.records.commands, "command");
  expect_equal(passed.records.fills, replayed.records.fills, "fill");
  expect_equal(passed.records.orders, replayed.records.orders, "order");
  expect_equal(passed.records.positions, replayed.records.positions, "position");
  expect_equal(passed.records.equity, replayed.records.equity, "equity row");
  EXPECT_EQ(passed.folding.trades, replayed.folding.trades);
  EXPECT_EQ(passed.folding.quotes, replayed.folding.quotes);
}

struct Inputs {
  bool trades;
  bool quotes;
};

TEST(PassedTicks, ChangeNothingWhateverTheMarketAndTheStrategyDo) {
  constexpr std::array<std::int64_t, 4> kGaps = {8, 60, 700, 9'000};
  constexpr std::array<Inputs, 3> kInputs = {{{true, true}, {true, false}, {false, true}}};
  std::size_t fills = 0;
  std::size_t liquidations = 0;
  std::int64_t at_once = 0;
  std::int64_t rows = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const Market market = wandering(seed, kGaps[seed % kGaps.size()]);
    for (const Inputs& inputs : kInputs) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", trades " << inputs.trades
                                      << ", quotes " << inputs.quotes);
      EngineParams with = params();
      with.inputs.trades = inputs.trades;
      with.inputs.quotes = inputs.quotes;
      with.exchange.order_latency.value = std::chrono::milliseconds{20};
      with.exchange.data_latency.value = std::chrono::microseconds{10'300};
      with.exchange.queue = seed % 3 == 0 ? QueueModel::Optimistic : QueueModel::RiskAverse;
      with.exchange.max_touch_age = std::chrono::milliseconds{seed % 2 == 0 ? 10'000 : 900};
      with.agg_delay = std::chrono::milliseconds{seed % 5 == 0 ? 100 : 0};
      if (seed % 4 == 1) with.from = ms(12 * kMinuteMs);  // what comes before warms up
      const Played passed = play(market, seed, with, true);
      const Played replayed = play(market, seed, with, false);
      expect_equal(passed, replayed);
      if (HasFatalFailure()) return;
      EXPECT_EQ(replayed.folding.at_once, 0);
      at_once += passed.folding.at_once;
      rows += passed.folding.trades + passed.folding.quotes;
      fills += passed.records.fills.size();
      for (const auto& fill : passed.records.fills) {
        if (fill.rule == trading::FillRule::Liq) ++liquidations;
      }
    }
  }
  // All of it did happen.
  EXPECT_GT(fills, 1'000U);
  EXPECT_GT(liquidations, 20U);
  EXPECT_GT(at_once, rows / 4) << "of " << rows;
}

TEST(PassedTicks, AreHandledOneByOneWhereTheirTimesOrTheQueueAskForIt) {
  const Market market = wandering(7, 60);
  EngineParams random = params();
  random.exchange.data_latency = {
      .kind = Latency::Kind::Lognormal, .value = std::chrono::milliseconds{10}, .sigma = 1.0};
  EngineParams proportional = params();
  proportional.exchange.queue = QueueModel::Proportional;
  for (const EngineParams& with : {random, proportional}) {
    const Played played = play(market, 7, with, true);
    EXPECT_EQ(played.folding.at_once, 0);
    expect_equal(played, play(market, 7, with, false));
  }
}

/// A quote every 50 ms, in blocks of a minute; knows how many of them somebody holds.
class HeldQuotes final : public BlockStream<Quote> {
 public:
  explicit HeldQuotes(std::int64_t minutes) : minutes_{minutes} {}
  std::span<const Quote> next() override { return {}; }
  SharedRows<Quote> next_shared() override {
    if (given_.size() == static_cast<std::size_t>(minutes_)) return {};
    Market one;
    const auto begin = static_cast<std::int64_t>(given_.size()) * kMinuteMs;
    for (std::int64_t at = 0; at < kMinuteMs; at += 50) one.quote(begin + at, 100, 1, 100.1, 1);
    const auto block = std::make_shared<const std::vector<Quote>>(std::move(one.quotes));
    given_.push_back(block);
    most_ = std::max(most_, std::count_if(given_.begin(), given_.end(),
                                          [](const auto& other) { return !other.expired(); }));
    return {.owner = block, .rows = *block};
  }
  [[nodiscard]] std::ptrdiff_t most() const { return most_; }

 private:
  std::int64_t minutes_;
  std::vector<std::weak_ptr<const std::vector<Quote>>> given_;
  std::ptrdiff_t most_ = 0;
};

// Warm-up without klines, metrics and funding: nothing but ticks is due for hours.
TEST(PassedTicks, AreNotAllHeldWhereMinutesAreMissing) {
  constexpr std::int64_t kMinutes = 180;
  EngineParams with = params();
  with.from = ms(kMinutes * kMinuteMs);
  with.to = with.from + kMinute;
  with.inputs.trades = false;
  auto quotes = std::make_unique<HeldQuotes>(kMinutes);
  const HeldQuotes& held = *quotes;
  MarketData data;
  data.quotes = std::move(quotes);
  Player player;
  CountingFolding folding;
  Tape tape;
  Progress silent;
  RealisticRun<Player, CountingFolding> run{with, instrument(), player, folding, tape};
  run.run(data, silent);
  EXPECT_EQ(folding.quotes, kMinutes * kMinuteMs / 50);
  EXPECT_GT(folding.at_once, folding.quotes * 9 / 10);
  EXPECT_LE(held.most(), 6) << "blocks of a minute: two of the past, a stretch, one ahead";
}

}  // namespace
}  // namespace toxvol::engine::test
