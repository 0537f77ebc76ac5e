// `entry.order = "post_only"`: rests at the touch, follows it, gives up.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::long_row;
using testing::params;
using testing::post_only;
using testing::px;
using testing::qty;
using testing::quiet_row;
using testing::short_row;
using trading::OrderType;
using trading::Reason;
using trading::Role;
using trading::Submit;

TEST(TraderPostOnly, RestsAtTheTouchOfItsSide) {
  Bench bench{post_only()};
  bench.row(long_row(1));
  EXPECT_EQ(bench.submit().type, OrderType::Limit);
  EXPECT_EQ(bench.submit().tif, trading::TimeInForce::Gtc);
  EXPECT_TRUE(bench.submit().post_only);
  EXPECT_EQ(bench.submit().price, px(500'000));
  EXPECT_EQ(bench.submit().qty, qty(1'272));
  Bench other{post_only()};
  other.row(short_row(1));
  EXPECT_EQ(other.submit().side, Side::Sell);
  EXPECT_EQ(other.submit().price, px(500'001));
}

TEST(TraderPostOnly, NeedsTheMinimumSpread) {
  StrategyParams given = post_only();
  given.entry.min_spread_ticks = 2;
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::Spread);
  bench.touch_now = testing::touch(500'000, 500'002);
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
}

TEST(TraderPostOnly, ASpreadThatIsNotKnownIsNotAsked) {
  Bench bench{post_only(), {.bars = true}};
  bench.touch_now = testing::touch(500'000, 500'000);
  EXPECT_EQ(bench.reason(long_row(1)), Reason::EnterLong);
  EXPECT_EQ(bench.submit().price, px(500'000));
}

TEST(TraderPostOnly, AMarketOrderNeedsNoSpread) {
  StrategyParams given = params();
  given.entry.min_spread_ticks = 9;
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::EnterLong);
}

TEST(TraderPostOnly, ToxicFlowIsNotProvidedWithLiquidity) {
  StrategyParams given = post_only();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  Bench bench{given};
  auto row = long_row(1);
  row.gated.toxic = true;
  EXPECT_EQ(bench.reason(row), Reason::Toxic);
  EXPECT_TRUE(bench.sent.empty());
  given.entry.order = EntryOrder::Market;
  Bench taker{given};
  EXPECT_EQ(taker.reason(row), Reason::EnterLong);
  EXPECT_EQ(taker.submit().qty, qty(452));  // 1.2069 × 0.5 (toxic) × 0.75 (T9)
}

/// Decided at 60.0108 s, accepted; due for a new price at 65.0108, given up at 90.0108.
struct Resting {
  explicit Resting(const StrategyParams& given = post_only()) : bench{given} {
    bench.row(long_row(1));
    entry = bench.submit();
    bench.accept(entry, at_s(61));
  }
  Bench bench;
  Submit entry;
};

constexpr Timestamp kDecided = at_s(60) + std::chrono::microseconds{10'800};
constexpr Timestamp kReprice = kDecided + std::chrono::seconds{5};
constexpr Timestamp kGiveUp = kDecided + std::chrono::seconds{30};

TEST(TraderPostOnly, SleepsUntilItsPriceMayBeOld) {
  const Resting made{};
  EXPECT_FALSE(made.bench.trader.wake().every_quote);
  EXPECT_EQ(made.bench.trader.wake().at, kReprice);
}

TEST(TraderPostOnly, FollowsTheTouchOnceItIsDue) {
  Resting made;
  Bench& bench = made.bench;
  bench.quote(kReprice - Duration{1}, 500'010, 500'011);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(kReprice, 500'010, 500'011);
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.canceled_id(), made.entry.id);
  EXPECT_EQ(bench.submit(1).replaces, made.entry.id);
  EXPECT_EQ(bench.submit(1).price, px(500'010));
  EXPECT_EQ(bench.submit(1).qty, made.entry.qty);
  EXPECT_TRUE(bench.submit(1).post_only);
  EXPECT_EQ(bench.submit(1).intent.ts_decision, at_s(60));

  // Not again before the new order is accepted and five seconds old.
  const Submit second = bench.submit(1);
  bench.quote(kReprice + std::chrono::seconds{6}, 500'020, 500'021);
  EXPECT_TRUE(bench.sent.empty());
  bench.canceled(made.entry, kReprice + std::chrono::seconds{6});
  bench.accept(second, kReprice + std::chrono::seconds{6});
  EXPECT_EQ(bench.trader.wake().at, kReprice + std::chrono::seconds{5});
  bench.quote(kReprice + std::chrono::seconds{7}, 500'020, 500'021);
  EXPECT_EQ(bench.submit(1).replaces, second.id);
}

TEST(TraderPostOnly, WatchesEveryQuoteOnceItsPriceIsDueButStillTheTouch) {
  Resting made;
  made.bench.quote(kReprice, 500'000, 500'001);
  EXPECT_TRUE(made.bench.sent.empty());
  EXPECT_TRUE(made.bench.trader.wake().every_quote);
  EXPECT_EQ(made.bench.trader.wake().at, kGiveUp);
  made.bench.quote(kReprice + kMillisecond, 499'999, 500'001);
  EXPECT_EQ(made.bench.submit(1).price, px(499'999));
  EXPECT_FALSE(made.bench.trader.wake().every_quote);
}

TEST(TraderPostOnly, ATradeAloneDoesNotMoveIt) {
  Resting made;
  made.bench.trade(kReprice, 499'000);
  EXPECT_TRUE(made.bench.sent.empty());
}

TEST(TraderPostOnly, ASellFollowsTheAsk) {
  Bench bench{post_only()};
  bench.row(short_row(1));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(61));
  bench.quote(kReprice, 499'999, 500'001);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(kReprice + kMillisecond, 499'999, 500'000);
  EXPECT_EQ(bench.submit(1).price, px(500'000));
}

TEST(TraderPostOnly, GivesUpAtTheFirstDatumThatIsLateEnough) {
  Resting made;
  made.bench.quote(kReprice, 500'000, 500'001);
  made.bench.trade(kGiveUp - Duration{1}, 500'000);
  EXPECT_TRUE(made.bench.sent.empty());
  made.bench.trade(kGiveUp, 500'000);
  ASSERT_EQ(made.bench.sent.size(), 1U);
  EXPECT_EQ(made.bench.canceled_id(), made.entry.id);
  made.bench.quote(kGiveUp + kMillisecond, 500'050, 500'051);  // once
  EXPECT_TRUE(made.bench.sent.empty());
  EXPECT_EQ(made.bench.reason(long_row(2)), Reason::InPosition);  // not canceled yet
  made.bench.canceled(made.entry, at_s(121));
  EXPECT_EQ(made.bench.reason(long_row(3)), Reason::EnterLong);
}

TEST(TraderPostOnly, ACancelThatCameTooLateLeavesAPosition) {
  Resting made;
  made.bench.trade(kGiveUp, 500'000);
  made.bench.fill(made.entry, kGiveUp + kMillisecond, 500'000);
  EXPECT_EQ(made.bench.trader.position(), qty(1'272));
  EXPECT_TRUE(made.bench.trader.stop());
  EXPECT_EQ(made.bench.reason(long_row(2)), Reason::InPosition);
  EXPECT_TRUE(made.bench.sent.empty());
}

TEST(TraderPostOnly, AReplacementIsRejectedWhenTheOldOrderFilledFirst) {
  Resting made;
  made.bench.quote(kReprice, 500'010, 500'011);
  const Submit second = made.bench.submit(1);
  made.bench.fill(made.entry, kReprice + kMillisecond, 500'000);
  made.bench.reject(second, kReprice + kMillisecond);
  EXPECT_EQ(made.bench.trader.position(), qty(1'272));
  made.bench.quote(kReprice + std::chrono::seconds{10}, 500'050, 500'051);
  EXPECT_TRUE(made.bench.sent.empty());
}

TEST(TraderPostOnly, AReplacementIsCutByWhatTheOldOrderFilled) {
  Resting made;
  Bench& bench = made.bench;
  bench.fill(made.entry, at_s(63), 500'000, qty(272), false);
  bench.quote(kReprice, 500'010, 500'011);
  // The exchange cuts it (X19), whether or not we knew of the fill when it was sent.
  const Submit second = bench.submit(1);
  EXPECT_EQ(second.qty, qty(1'272));
  bench.canceled(made.entry, kReprice + kMillisecond);
  bench.accept(second, kReprice + kMillisecond);
  bench.fill(second, at_s(66), 500'010, qty(400), false);
  bench.quote(kReprice + std::chrono::seconds{5}, 500'020, 500'021);
  EXPECT_EQ(bench.submit(1).qty, qty(1'000));  // of which the exchange takes 400 off
  EXPECT_EQ(bench.trader.position(), qty(672));
}

TEST(TraderPostOnly, ARegimeChangeCancelsIt) {
  StrategyParams given = post_only();
  given.entry.give_up_after = std::chrono::minutes{5};
  Resting made{given};
  auto row = quiet_row(2);
  row.crowding.regime = Regime::CrowdedLong;
  made.bench.row(row);
  ASSERT_EQ(made.bench.sent.size(), 1U);
  EXPECT_EQ(made.bench.canceled_id(), made.entry.id);
}

// docs/strategy.md, "Entries"; N3.
TEST(TraderPostOnly, AToxicMinuteOrAnUnknownRegimeCancelsIt) {
  for (const bool toxic : {true, false}) {
    StrategyParams given = post_only();
    given.entry.give_up_after = std::chrono::minutes{5};
    Resting made{given};
    factors::FactorRow row = testing::quiet_row(2);
    if (toxic) {
      row.gated.toxic = true;
    } else {
      row.crowding.regime.reset();
    }
    made.bench.row(row);
    ASSERT_EQ(made.bench.sent.size(), 1U);
    EXPECT_EQ(made.bench.canceled_id(), made.entry.id);
  }
}

TEST(TraderPostOnly, IsNotFollowedIntoASpreadThatForbidsAnEntry) {
  StrategyParams given = post_only();
  given.entry.min_spread_ticks = 2;
  Bench bench{given};
  bench.touch_now = testing::touch(500'000, 500'002);
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(61));
  bench.quote(kReprice, 500'010, 500'011);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
}

TEST(TraderPostOnly, ADailyLossCancelsIt) {
  StrategyParams given = post_only();
  given.entry.give_up_after = std::chrono::minutes{5};
  given.guards.daily_loss_bp = 10;
  Bench bench{given};
  bench.row(long_row(1));
  bench.fill(bench.submit(), at_s(61), 500'000);
  bench.funding(at_s(62), 180'000);  // 0.18 % of 63 600 = 114, known from 122 s on
  bench.quote(at_s(70), 497'600, 497'601);
  bench.fill(bench.submit(), at_s(70), 500'000);
  bench.touch_now = testing::touch(500'000, 500'001);
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
  const Submit entry = bench.submit();
  bench.row(quiet_row(3));
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
}

TEST(TraderPostOnly, AnExitCancelsWhatIsLeftOfTheEntryFirst) {
  Resting made;
  made.bench.fill(made.entry, at_s(62), 500'000, qty(272), false);
  made.bench.quote(at_s(63), 497'600, 497'601);
  ASSERT_EQ(made.bench.sent.size(), 2U);
  EXPECT_EQ(made.bench.canceled_id(0), made.entry.id);
  EXPECT_EQ(made.bench.submit(1).intent.role, Role::Stop);
  EXPECT_EQ(made.bench.submit(1).qty, qty(272));

  // A late fill of the entry is left over after the exit, and leaves by the same stop.
  const Submit exit = made.bench.submit(1);
  made.bench.fill(made.entry, at_s(63), 500'000, qty(100), false);
  made.bench.canceled(made.entry, at_s(63));
  made.bench.fill(exit, at_s(63), 497'600);
  EXPECT_EQ(made.bench.trader.position(), qty(100));
  made.bench.quote(at_s(64), 497'600, 497'601);
  EXPECT_EQ(made.bench.submit().qty, qty(100));
}

}  // namespace
}  // namespace toxvol::strategy
