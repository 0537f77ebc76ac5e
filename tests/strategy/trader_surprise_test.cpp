// What the trader did not send: the engine's exits on bars, unknown fills, a liquidation.
#include <chrono>

#include <gtest/gtest.h>

#include "tests/strategy/exits.hpp"
#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::expect_exit;
using testing::kLongStop;
using testing::long_row;
using testing::params;
using testing::px;
using testing::qty;
using testing::quiet_row;
using testing::resting_target;
using trading::OrderType;
using trading::Reason;
using trading::Role;
using trading::Submit;

TEST(TraderBars, TheEngineIsGivenTheExitInsideTheBar) {
  Bench bench{params(), {.bars = true}};
  bench.touch_now = testing::touch(500'001, 500'001);
  bench.open_long();
  const Submit exit = bench.trader.exit_on_bar(Role::Stop, px(kLongStop), at_s(120));
  EXPECT_EQ(exit.side, Side::Sell);
  EXPECT_EQ(exit.type, OrderType::Market);
  EXPECT_TRUE(exit.reduce_only);
  EXPECT_EQ(exit.qty, qty(1'206));
  EXPECT_EQ(exit.intent.role, Role::Stop);
  EXPECT_EQ(exit.intent.trigger_price, px(kLongStop));
  EXPECT_EQ(exit.intent.trigger_ts, at_s(120));
  bench.fill(exit, at_s(120), kLongStop);
  EXPECT_EQ(bench.trader.position(), Qty{});
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
  EXPECT_EQ(bench.submit().id, trading::OrderId{3});
}

TEST(TraderSurprise, AnUnknownFillIsFlattenedByTheGuard) {
  Bench bench;
  bench.row(quiet_row(1));
  bench.fill({.id = trading::OrderId{77}, .side = Side::Sell, .qty = qty(5)}, at_s(61), 500'000);
  EXPECT_EQ(bench.trader.position(), -qty(5));
  EXPECT_FALSE(bench.trader.stop());
  EXPECT_LE(bench.trader.wake().at, at_s(61) + std::chrono::milliseconds{10});
  bench.trade(at_s(62), 500'000);
  expect_exit(bench, Role::Guard, Side::Buy, qty(5));
  bench.fill(bench.submit(), at_s(62), 500'001);
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
}

TEST(TraderSurprise, AnUnknownFillInAPositionFlattensAllOfIt) {
  Bench bench;
  bench.open_long();
  bench.fill({.id = trading::OrderId{77}, .side = Side::Sell, .qty = qty(206)}, at_s(62), 500'000);
  bench.quote(at_s(63), 500'000, 500'001);
  expect_exit(bench, Role::Guard, Side::Sell, qty(1'000));
}

TEST(TraderSurprise, APositionOnTheWrongSideIsFlattened) {
  Bench bench;
  bench.open_long();
  bench.fill({.id = trading::OrderId{77}, .side = Side::Sell, .qty = qty(2'206)}, at_s(62),
             500'000);
  EXPECT_EQ(bench.trader.position(), -qty(1'000));
  bench.quote(at_s(63), 500'000, 500'001);
  expect_exit(bench, Role::Guard, Side::Buy, qty(1'000));
}

TEST(TraderSurprise, AnExitThatFilledTooMuchIsFlattened) {
  // NautilusTrader 1.221 fills the rest of a reduce-only MARKET beyond the position.
  Bench bench;
  bench.open_long();
  bench.quote(at_s(70), kLongStop, kLongStop + 1);
  bench.fill(bench.submit(), at_s(70), kLongStop, qty(1'306), true);
  EXPECT_EQ(bench.trader.position(), -qty(100));
  EXPECT_FALSE(bench.trader.stop());
  bench.quote(at_s(71), 500'000, 500'001);
  expect_exit(bench, Role::Guard, Side::Buy, qty(100));
}

TEST(TraderSurprise, ALiquidationEndsThePositionAndTheDay) {
  Bench bench{resting_target()};
  bench.open_long();
  bench.quote(at_s(61), 500'000, 500'001);
  bench.canceled(bench.submit(), at_s(62));
  bench.trader.on(trading::FillSeen{.ts_seen = at_s(62),
                                    .ts_event = at_s(62),
                                    .id = trading::OrderId{-1},
                                    .side = Side::Sell,
                                    .price = px(450'000),
                                    .qty = qty(1'206),
                                    .order_done = true,
                                    .liquidation = true});
  EXPECT_EQ(bench.trader.position(), Qty{});
  EXPECT_EQ(bench.reason(long_row(2)), Reason::DailyLoss);
}

TEST(TraderSurprise, EventsOfUnknownOrdersChangeNothing) {
  Bench bench;
  bench.row(long_row(1));
  bench.reject({.id = trading::OrderId{99}}, at_s(61));
  EXPECT_EQ(bench.reason(long_row(2)), Reason::InPosition);
}

}  // namespace
}  // namespace toxvol::strategy
