#include <gtest/gtest.h>

#include "tests/engine/support.hpp"

namespace toxvol::engine::test {
namespace {

using trading::FillRule;
using trading::OrderStatus;
using trading::RejectReason;

TEST(Taking, MarketOrderTakesTheTouchThenSlicesOneTickApart) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1).quote(50, 100.0, 2, 100.1, 1);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 2.5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);  // 1 at the ask, then 1 and 0.5 (no depth known: shown size)
  EXPECT_EQ(tape.fills[0].price, price(100.1));
  EXPECT_EQ(tape.fills[0].qty, qty(1));
  EXPECT_EQ(tape.fills[1].price, price(100.2));
  EXPECT_EQ(tape.fills[1].qty, qty(1));
  EXPECT_EQ(tape.fills[2].price, price(100.3));
  EXPECT_EQ(tape.fills[2].qty, qty(0.5));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X6);
  EXPECT_EQ(tape.fills[0].ts, ms(21));
  EXPECT_EQ(tape.order(1).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(1).ts_arrive, ms(21));
  // fees: ceil of 5 bp of each row
  EXPECT_EQ(tape.fills[0].fee, money(0.05005));
  EXPECT_EQ(tape.fills[1].fee, money(0.0501));
  EXPECT_EQ(tape.fills[2].fee, money(0.025075));
  EXPECT_EQ(tape.fills[2].position_after, qty(2.5));
  // ⌊(100.1 + 100.2 + 50.15) / 2.5⌋
  EXPECT_EQ(*tape.order(1).avg_price, price(100.18));
}

TEST(Taking, MarketOrderWithoutAQuoteIsRejected) {
  Market market;
  market.quote(50, 100.0, 2, 100.1, 1);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_TRUE(tape.fills.empty());
  EXPECT_EQ(tape.order(1).reject_reason, RejectReason::NoQuote);
  EXPECT_EQ(tape.order(1).ts_done, ms(21));
  EXPECT_FALSE(tape.order(1).ts_accepted);
}

}  // namespace
}  // namespace toxvol::engine::test
