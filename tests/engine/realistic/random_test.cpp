// Random small markets and orders: the engine against the same rules written plainly, and what must
// hold whatever happens. The ledger asserts I1 and I2 at every fill and sample by itself.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/realistic/naive_exchange.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::OrderStatus;

constexpr std::int64_t kTickRaw = 10'000'000;
constexpr std::int64_t kLotRaw = 100'000;

struct Given {
  Timestamp when{};
  trading::Command command;
};

struct Scene {
  Market market;
  std::vector<Given> commands;
};

/// Few prices and small sizes, so that everything meets; quiet and busy stretches.
Scene scene(std::uint64_t seed) {
  Dice dice{seed};
  Scene result;
  std::int64_t bid = 1'000;  // ticks
  std::int64_t id = 1;
  std::int64_t t = 0;
  while (t < 200'000) {
    t += dice.below(10) == 0 ? dice.below(3'000) : dice.below(40);
    const std::int64_t what = dice.below(10);
    const auto as_price = [](std::int64_t ticks) { return static_cast<double>(ticks) / 10; };
    const auto as_qty = [](std::int64_t lots) { return static_cast<double>(lots) / 1'000; };
    if (what < 5) {
      if (dice.below(3) == 0) bid += dice.below(3) - 1;
      const std::int64_t spread = dice.below(20) == 0 ? 0 : 1 + (dice.below(4) == 0 ? 2 : 0);
      result.market.quote(t, as_price(bid), as_qty(dice.below(30)), as_price(bid + spread),
                          as_qty(1 + dice.below(30)));
    } else if (what < 8) {
      const Side side = dice.below(2) == 0 ? Side::Buy : Side::Sell;
      const std::int64_t at = bid + (side == Side::Buy ? 1 : 0) + dice.below(3) - 1;
      result.market.trade(t, side, as_price(at), as_qty(1 + dice.below(15)));
    } else if (id > 1 && dice.below(3) == 0) {
      result.commands.push_back({ms(t), cancel(1 + dice.below(id - 1))});
    } else {
      const Side side = dice.below(2) == 0 ? Side::Buy : Side::Sell;
      trading::Submit submit = market_order(id++, side, as_qty(1 + dice.below(40)));
      if (dice.below(4) != 0) {
        submit.type = trading::OrderType::Limit;
        submit.price = price(as_price(bid + dice.below(5) - 2));
        submit.post_only = dice.below(3) == 0;
        if (!submit.post_only) submit.tif = static_cast<trading::TimeInForce>(dice.below(3));
      }
      submit.reduce_only = dice.below(4) == 0;
      result.commands.push_back({ms(t), submit});
    }
  }
  return result;
}

EngineParams with(QueueModel queue, std::int64_t max_touch_age_ms = 10'000) {
  EngineParams result = params();
  result.exchange.queue = queue;
  result.exchange.max_touch_age = std::chrono::milliseconds{max_touch_age_ms};
  result.to = ms(240'000);
  return result;
}

Records run(const Scene& given, const EngineParams& params, std::size_t block = 3) {
  Player player;
  for (const Given& one : given.commands) player.at(one.when, one.command);
  Tape tape;
  Market market = given.market;
  market.block = block;
  play(market, player, tape, params, of_any_notional());
  return static_cast<Records&>(tape);
}

/// The scene through the plain rules, in the order of X2.
NaiveExchange naive(const Scene& given, const EngineParams& with) {
  NaiveExchange exchange{with.exchange.queue, kTickRaw, kLotRaw,
                         with.exchange.max_touch_age / kMillisecond};
  struct Event {
    std::int64_t ms;
    int rank;
    std::size_t index;
  };
  std::vector<Event> events;
  events.reserve(given.commands.size() + given.market.trades.size() + given.market.quotes.size());
  for (std::size_t i = 0; i < given.commands.size(); ++i) {
    events.push_back({floor_ms(given.commands[i].when) + 1, 0, i});
  }
  for (std::size_t i = 0; i < given.market.trades.size(); ++i) {
    events.push_back({floor_ms(given.market.trades[i].ts_event), 1, i});
  }
  for (std::size_t i = 0; i < given.market.quotes.size(); ++i) {
    events.push_back({floor_ms(given.market.quotes[i].ts_event), 2, i});
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tuple{a.ms, a.rank, a.index} < std::tuple{b.ms, b.rank, b.index};
  });
  for (const Event& event : events) {
    if (event.rank == 1) exchange.trade(given.market.trades[event.index], event.ms);
    if (event.rank == 2) exchange.quote(given.market.quotes[event.index], event.ms);
    if (event.rank != 0) continue;
    const trading::Command& command = given.commands[event.index].command;
    if (const auto* submit = std::get_if<trading::Submit>(&command)) {
      exchange.submit(*submit, event.ms);
    } else {
      exchange.cancel(std::get<trading::Cancel>(command).id);
    }
  }
  return exchange;
}

constexpr QueueModel kModels[] = {QueueModel::RiskAverse, QueueModel::Proportional,
                                  QueueModel::Optimistic};

TEST(RandomRuns, AgreeFillForFillWithThePlainRules) {
  std::size_t makers = 0;
  std::size_t takers = 0;
  int served = 0;
  int worse = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Scene given = scene(seed);
    for (const QueueModel model : kModels) {
      // Quotes are up to three seconds apart, so some ages bind and others do not.
      constexpr std::array<std::int64_t, 4> kAges = {10'000, 1'500, 100, 0};
      const EngineParams settings = with(model, kAges[seed % kAges.size()]);
      const Records got = run(given, settings);
      const NaiveExchange expected = naive(given, settings);
      served += expected.served;
      worse += expected.worse;
      ASSERT_EQ(got.fills.size(), expected.fills.size()) << "seed " << seed;
      for (std::size_t i = 0; i < got.fills.size(); ++i) {
        const trading::FillRecord& fill = got.fills[i];
        const bool maker = fill.liquidity == trading::Liquidity::Maker;
        ASSERT_EQ((NaiveExchange::Fill{static_cast<std::int64_t>(fill.order), fill.price.raw(),
                                       fill.qty.raw(), floor_ms(fill.ts), maker}),
                  expected.fills[i])
            << "seed " << seed << " fill " << i;
        ++(maker ? makers : takers);
      }
      ASSERT_EQ(got.orders.size(), expected.orders.size());
      for (const NaiveExchange::State& state : expected.orders) {
        const auto& order = got.order(static_cast<std::int64_t>(state.submit.id));
        ASSERT_EQ(order.status, state.status) << "seed " << seed;
        ASSERT_EQ(order.filled_qty.raw(), state.filled);
      }
    }
  }
  // The scenes do exercise both ways of filling.
  EXPECT_GT(makers, 1'000U);
  EXPECT_GT(takers, 1'000U);
  EXPECT_GT(served, 100);
  EXPECT_GT(worse, 10);
}

TEST(RandomRuns, NeverGiveMoreThanATradeOrFillBeyondALimit) {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const Scene given = scene(seed);
    const Records got = run(given, with(QueueModel::Optimistic));
    std::map<std::int64_t, Qty> given_out;
    for (const trading::FillRecord& fill : got.fills) {
      const trading::OrderRecord& order = got.order(static_cast<std::int64_t>(fill.order));
      if (order.submit.type == trading::OrderType::Limit) {
        EXPECT_LE(sign(fill.side) * fill.price.raw(), sign(fill.side) * order.submit.price.raw());
      }
      EXPECT_LE(order.filled_qty, order.submit.qty);
      if (fill.rule == trading::FillRule::X12 || fill.rule == trading::FillRule::X13) {
        given_out[*fill.cause] += fill.qty;
      }
    }
    for (const auto& [id, sum] : given_out) {
      EXPECT_LE(sum, given.market.trades[static_cast<std::size_t>(id - 1)].qty);
    }
  }
}

TEST(RandomRuns, AccountsAddUp) {
  for (std::uint64_t seed = 200; seed < 220; ++seed) {
    const Records got = run(scene(seed), with(QueueModel::Proportional));
    Money cash = params().deposit;
    Qty position{};
    for (const trading::FillRecord& fill : got.fills) {
      const Money value = notional(fill.price, fill.qty);
      cash += fill.side == Side::Buy ? -value : value;
      cash -= fill.fee;
      position += fill.side == Side::Buy ? fill.qty : -fill.qty;
      EXPECT_EQ(fill.position_after, position);
    }
    const trading::EquityRecord& end = got.equity.back();
    EXPECT_EQ(end.position, position);
    EXPECT_EQ(
        end.equity,
        cash + Money::from_raw(std::llround(*end.mark * static_cast<double>(position.raw()))));
    Money net{};
    Money fees{};
    std::int32_t rows = 0;
    for (const trading::PositionRecord& one : got.positions) {
      net += one.realised;
      fees += one.fees;
      rows += one.n_fills;
    }
    EXPECT_EQ(net, end.realised);
    EXPECT_EQ(fees, end.fees);
    EXPECT_EQ(static_cast<std::size_t>(rows), got.fills.size());
  }
}

TEST(RandomRuns, DoNotDependOnTheBlocksAndRepeat) {
  EngineParams params = with(QueueModel::Proportional);
  params.exchange.order_latency = {
      .kind = Latency::Kind::Lognormal, .value = std::chrono::milliseconds{20}, .sigma = 1.0};
  params.exchange.data_latency = {
      .kind = Latency::Kind::Lognormal, .value = std::chrono::milliseconds{10}, .sigma = 1.0};
  for (std::uint64_t seed = 300; seed < 310; ++seed) {
    const Scene given = scene(seed);
    const Records first = run(given, params, 1);
    const Records second = run(given, params, 100'000);
    ASSERT_EQ(first.fills.size(), second.fills.size());
    for (std::size_t i = 0; i < first.fills.size(); ++i) {
      const auto& a = first.fills[i];
      const auto& b = second.fills[i];
      EXPECT_EQ(std::tuple(a.fill_id, a.order, a.position, a.ts, a.ts_init, a.price, a.qty, a.fee,
                           a.equity_after, a.cause),
                std::tuple(b.fill_id, b.order, b.position, b.ts, b.ts_init, b.price, b.qty, b.fee,
                           b.equity_after, b.cause));
      EXPECT_GE(a.ts_init, a.ts);
    }
    ASSERT_EQ(first.equity.size(), second.equity.size());
    for (std::size_t i = 0; i < first.equity.size(); ++i) {
      EXPECT_EQ(first.equity[i].equity, second.equity[i].equity);
      EXPECT_EQ(first.equity[i].ts, second.equity[i].ts);
    }
  }
}

}  // namespace
}  // namespace toxvol::engine::test
