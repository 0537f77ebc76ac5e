// `exit.tp_order = "limit"`: the target rests at the exchange.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/strategy/exits.hpp"
#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::expect_exit;
using testing::kDeadline;
using testing::kLongStop;
using testing::kLongTarget;
using testing::long_row;
using testing::px;
using testing::qty;
using testing::quiet_row;
using testing::resting_target;
using trading::OrderType;
using trading::Reason;
using trading::Role;
using trading::Submit;

TEST(TraderTarget, RestsFromTheFirstDatumAfterTheFill) {
  Bench bench{resting_target()};
  bench.open_long();
  EXPECT_FALSE(bench.trader.wake().bid_at_least);
  EXPECT_LE(bench.trader.wake().at, at_s(60) + std::chrono::milliseconds{110});
  bench.quote(at_s(61), 500'000, 500'001);
  ASSERT_EQ(bench.sent.size(), 1U);
  const Submit target = bench.submit();
  EXPECT_EQ(target.type, OrderType::Limit);
  EXPECT_EQ(target.price, px(kLongTarget));
  EXPECT_EQ(target.qty, qty(1'206));
  EXPECT_EQ(target.side, Side::Sell);
  EXPECT_TRUE(target.reduce_only);
  EXPECT_FALSE(target.post_only);
  EXPECT_EQ(target.intent.role, Role::TakeProfit);
  EXPECT_EQ(bench.trader.wake().at, kDeadline);
  bench.quote(at_s(62), kLongTarget, kLongTarget + 1);  // the exchange fills it, not we
  EXPECT_TRUE(bench.sent.empty());
  bench.fill(target, at_s(62), kLongTarget);
  EXPECT_EQ(bench.trader.position(), Qty{});
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
}

TEST(TraderTarget, GoesBeforeAnyOtherExit) {
  Bench bench{resting_target()};
  bench.open_long();
  bench.quote(at_s(61), 500'000, 500'001);
  const Submit target = bench.submit();
  bench.quote(at_s(62), kLongStop, kLongStop + 1);
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.canceled_id(0), target.id);
  EXPECT_EQ(bench.submit(1).intent.role, Role::Stop);
  // After a rejected stop it rests again as soon as no exit is due.
  const Submit stop = bench.submit(1);
  bench.canceled(target, at_s(63));
  bench.reject(stop, at_s(63));
  bench.quote(at_s(64), kLongStop + 1, kLongStop + 2);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().intent.role, Role::TakeProfit);
}

// docs/strategy.md, "Exits": in a toxic minute nothing of ours rests; the target is watched and
// left at with a MARKET.
TEST(TraderTarget, IsTakenBackAndWatchedWhileTheFlowIsToxic) {
  Bench bench{resting_target()};
  bench.open_long();
  bench.quote(at_s(61), 500'000, 500'001);
  const Submit target = bench.submit();
  factors::FactorRow toxic = quiet_row(2);
  toxic.gated.toxic = true;
  bench.row(toxic);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(0), target.id);
  EXPECT_EQ(bench.trader.wake().bid_at_least, px(kLongTarget));
  bench.canceled(target, at_s(121));
  bench.quote(at_s(122), kLongTarget - 1, kLongTarget);
  EXPECT_TRUE(bench.sent.empty());  // nothing rests
  bench.quote(at_s(123), kLongTarget, kLongTarget + 1);
  expect_exit(bench, Role::TakeProfit, Side::Sell, qty(1'206));
}

TEST(TraderTarget, RestsAgainWhenTheFlowIsNoLongerToxic) {
  Bench bench{resting_target()};
  bench.open_long();
  factors::FactorRow toxic = quiet_row(2);
  toxic.gated.toxic = true;
  bench.row(toxic);
  EXPECT_TRUE(bench.sent.empty());
  bench.row(quiet_row(3));
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().type, OrderType::Limit);
  EXPECT_FALSE(bench.trader.wake().bid_at_least);
}

TEST(TraderTarget, GrowsWithThePosition) {
  Bench bench{resting_target()};
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.fill(entry, at_s(61), 500'001, qty(206), false);
  bench.quote(at_s(62), 500'000, 500'001);
  const Submit first = bench.submit();
  EXPECT_EQ(first.qty, qty(206));
  bench.fill(entry, at_s(63), 500'001, qty(1'000), true);
  bench.quote(at_s(64), 500'000, 500'001);
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.canceled_id(0), first.id);
  EXPECT_EQ(bench.submit(1).qty, qty(1'206));
}

TEST(TraderTarget, WhatItFilledNoLongerCoversThePosition) {
  Bench bench{resting_target()};
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.fill(entry, at_s(61), 500'001, qty(206), false);
  bench.quote(at_s(62), 500'000, 500'001);
  const Submit first = bench.submit();
  bench.fill(first, at_s(63), kLongTarget, qty(106), false);
  bench.quote(at_s(63), 500'000, 500'001);
  EXPECT_TRUE(bench.sent.empty());  // 100 left to cover 100
  bench.fill(entry, at_s(64), 500'001, qty(50), false);
  bench.quote(at_s(65), 500'000, 500'001);
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.canceled_id(0), first.id);
  EXPECT_EQ(bench.submit(1).qty, qty(150));
}

TEST(TraderTarget, IsTheEnginesOnBars) {
  Bench bench{resting_target(), {.bars = true}};
  bench.open_long();
  bench.row(quiet_row(2));
  EXPECT_TRUE(bench.sent.empty());
  EXPECT_EQ(bench.trader.take_profit(), px(kLongTarget));
}

}  // namespace
}  // namespace toxvol::strategy
