#include <cstdint>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
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
using testing::qty;
using testing::quiet_row;
using testing::short_row;
using trading::OrderType;
using trading::Reason;
using trading::Role;
using trading::Submit;

TEST(TraderEntry, ASignalSendsOneMarketOrderOfTheRightSize) {
  Bench bench;
  const auto verdict = bench.row(long_row(1));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->reason, Reason::EnterLong);
  EXPECT_EQ(verdict->position, Qty{});
  ASSERT_EQ(bench.sent.size(), 1U);
  const Submit& order = bench.submit();
  EXPECT_EQ(order.id, trading::OrderId{1});
  EXPECT_EQ(order.side, Side::Buy);
  EXPECT_EQ(order.type, OrderType::Market);
  EXPECT_FALSE(order.reduce_only);
  EXPECT_FALSE(order.post_only);
  EXPECT_FALSE(order.same_close);
  EXPECT_EQ(order.qty, qty(1'206));  // sizing_test.cpp; at the ask 50 000.1
  EXPECT_EQ(order.intent.role, Role::Entry);
  EXPECT_EQ(order.intent.alpha, trading::Alpha::A);
  EXPECT_EQ(order.intent.regime, Regime::Neutral);
  EXPECT_EQ(order.intent.sigma, 0.0006);
  EXPECT_EQ(order.intent.ts_decision, at_s(60));
}

TEST(TraderEntry, AShortSellsAtMarket) {
  Bench bench;
  EXPECT_EQ(bench.reason(short_row(1)), Reason::EnterShort);
  EXPECT_EQ(bench.submit().side, Side::Sell);
}

TEST(TraderEntry, SameCloseMarksTheMarketOrder) {
  StrategyParams given = params();
  given.entry.fill = EntryFill::SameClose;
  Bench bench{given};
  bench.row(long_row(1));
  EXPECT_TRUE(bench.submit().same_close);
}

TEST(TraderEntry, RowsThatOpenBeforeFromOnlyWarmUp) {
  Bench bench;
  EXPECT_FALSE(bench.row(long_row(0)));  // ends at `from`
  EXPECT_TRUE(bench.sent.empty());
  EXPECT_TRUE(bench.row(long_row(1)));
  EXPECT_EQ(bench.sent.size(), 1U);
}

TEST(TraderEntry, WithoutASignalTheReasonIsTheSignals) {
  Bench bench;
  EXPECT_EQ(bench.reason(quiet_row(1)), Reason::WeakPressure);
  EXPECT_TRUE(bench.sent.empty());
}

TEST(TraderEntry, NoSecondEntryWhileOneIsInFlightOrFilled) {
  Bench bench;
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  EXPECT_EQ(bench.reason(long_row(2)), Reason::InPosition);
  EXPECT_TRUE(bench.sent.empty());
  bench.fill(entry, at_s(121), 500'001);
  const auto verdict = bench.row(long_row(3));
  EXPECT_EQ(verdict->reason, Reason::InPosition);
  EXPECT_EQ(verdict->position, qty(1'206));
  EXPECT_TRUE(bench.sent.empty());
}

TEST(TraderEntry, AfterARejectedEntryTheNextSignalDecidesAnew) {
  Bench bench;
  bench.row(long_row(1));
  bench.reject(bench.submit(), at_s(61));
  EXPECT_EQ(bench.reason(short_row(2)), Reason::EnterShort);
  EXPECT_EQ(bench.submit().id, trading::OrderId{2});
}

TEST(TraderEntry, SizeGrowsAndShrinksWithOwnEquity) {
  Bench bench;
  const Submit entry = bench.open_long();
  bench.quote(at_s(70), 497'600, 497'601);  // the stop
  bench.fill(bench.submit(), at_s(70), 417'071);
  ASSERT_EQ(bench.trader.position(), Qty{});
  // 1.206 · (41 707.1 − 50 000.1) = −10 001.358.
  EXPECT_EQ(bench.trader.equity(), Money::from_raw(8'999'864'200'000));
  EXPECT_EQ(entry.qty, qty(1'206));
  // The loss is far over 2 %: no entry until the next UTC day, then 314.995 / 290.00058 = 1.0861.
  EXPECT_EQ(bench.reason(long_row(2)), Reason::DailyLoss);
  for (std::int64_t minute = 3; minute < 1'440; ++minute) bench.row(quiet_row(minute));
  bench.touch_now = testing::touch(500'000, 500'001);
  EXPECT_EQ(bench.reason(long_row(1'440)), Reason::EnterLong);
  EXPECT_EQ(bench.submit().qty, qty(1'086));
}

TEST(TraderEntry, AnUnknownTierStopsTheRunAtOnce) {
  StrategyParams given = params();
  given.costs.tier = "VIP7";
  EXPECT_THROW(Bench{given}, Error);
}

TEST(TraderEntry, ValuesThatDoNotStandTogetherStopTheRunAtOnce) {
  StrategyParams given = params();
  given.entry.order = EntryOrder::PostOnly;
  EXPECT_NO_THROW(Bench{given});
  given.entry.fill = EntryFill::SameClose;
  EXPECT_THROW(Bench{given}, Error);
}

}  // namespace
}  // namespace toxvol::strategy
