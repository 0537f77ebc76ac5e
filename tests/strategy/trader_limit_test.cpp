// `entry.order = "limit"`: at the touch as a post-only entry, but it may take.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
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
using testing::px;
using testing::qty;
using testing::quiet_row;
using testing::short_row;
using trading::OrderType;
using trading::Reason;
using trading::Submit;

StrategyParams limit() {
  StrategyParams made = params();
  made.entry.order = EntryOrder::Limit;
  return made;
}

// 350 / (240 + 50) = 1.2069 at 50 000.0: two taker rates, as it may take.
TEST(TraderLimit, StandsAtTheTouchOfItsSideAndIsSizedAsATaker) {
  Bench bench{limit()};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::EnterLong);
  EXPECT_EQ(bench.submit().type, OrderType::Limit);
  EXPECT_EQ(bench.submit().tif, trading::TimeInForce::Gtc);
  EXPECT_FALSE(bench.submit().post_only);
  EXPECT_FALSE(bench.submit().same_close);
  EXPECT_EQ(bench.submit().price, px(500'000));
  EXPECT_EQ(bench.submit().qty, qty(1'206));
  Bench other{limit()};
  other.row(short_row(1));
  EXPECT_EQ(other.submit().side, Side::Sell);
  EXPECT_EQ(other.submit().price, px(500'001));
}

TEST(TraderLimit, NeedsTheMinimumSpread) {
  StrategyParams given = limit();
  given.entry.min_spread_ticks = 2;
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::Spread);
  bench.touch_now = testing::touch(500'000, 500'002);
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
}

TEST(TraderLimit, ToxicFlowForbidsItAndTakesItBack) {
  StrategyParams given = limit();
  given.factors.toxicity.gate = factors::ToxicityGate::Scale;
  Bench bench{given};
  auto toxic = long_row(1);
  toxic.gated.toxic = true;
  EXPECT_EQ(bench.reason(toxic), Reason::Toxic);
  bench.row(long_row(2));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(121));
  toxic.ts += std::chrono::seconds{70};  // within give_up_after
  toxic.ts_init += std::chrono::seconds{70};
  bench.row(toxic);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
}

TEST(TraderLimit, FollowsTheTouchByOrdersOfItsKind) {
  Bench bench{limit()};
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(61));
  const Timestamp due = at_s(65) + std::chrono::microseconds{10'800};
  bench.quote(due - Duration{1}, 500'010, 500'011);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(due, 500'010, 500'011);
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
  EXPECT_EQ(bench.submit(1).replaces, entry.id);
  EXPECT_EQ(bench.submit(1).price, px(500'010));
  EXPECT_FALSE(bench.submit(1).post_only);
}

TEST(TraderLimit, GivesUpInTime) {
  Bench bench{limit()};
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(61));
  const Timestamp up = at_s(90) + std::chrono::microseconds{10'800};
  bench.quote(up - Duration{1}, 500'000, 500'001);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(up, 500'000, 500'001);
  EXPECT_EQ(bench.canceled_id(), entry.id);
}

TEST(TraderLimit, WhatItTookAtOnceIsAnOrdinaryPosition) {
  Bench bench{limit()};
  bench.row(long_row(1));
  bench.fill(bench.submit(), at_s(61), 499'999);  // the ask had come down
  EXPECT_EQ(bench.trader.position(), qty(1'206));
  EXPECT_TRUE(bench.trader.stop());
  EXPECT_EQ(bench.reason(long_row(2)), Reason::InPosition);
}

TEST(TraderLimit, IsFilledLaterOnly) {
  StrategyParams given = limit();
  EXPECT_NO_THROW(Bench{given});
  given.entry.fill = EntryFill::SameClose;
  EXPECT_THROW(Bench{given}, Error);
}

// The order that stands is moved by one of its kind, whatever the new parameters ask for.
TEST(TraderLimit, ARestingEntryKeepsItsKindWhenParametersAreAdopted) {
  StrategyParams post_only = params();
  post_only.entry.order = EntryOrder::PostOnly;
  for (const bool from_limit : {true, false}) {
    Bench bench{from_limit ? limit() : post_only};
    bench.row(long_row(1));
    bench.accept(bench.submit(), at_s(61));
    bench.trader.adopt(from_limit ? post_only : limit(), Regime::Neutral);
    bench.quote(at_s(70), 500'010, 500'011);
    ASSERT_EQ(bench.sent.size(), 2U);
    EXPECT_EQ(bench.submit(1).post_only, !from_limit);
  }
}

}  // namespace
}  // namespace toxvol::strategy
