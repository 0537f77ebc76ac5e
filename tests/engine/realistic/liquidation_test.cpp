#include <cstddef>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using trading::EquityCause;
using trading::FillRule;
using trading::OrderStatus;

// Long 10 at 100.1, leverage 10: C = 1001, M = 100.1. Liquidated where 10 · mark ≤ 900.9.
Market falling(double bid, double ask) {
  Market market;
  market.quote(0, 100.0, 20, 100.1, 20).quote(100, bid, 4, ask, 4);
  return market;
}

TEST(Liquidation, HappensAtTheBoundaryAndNotAbove) {
  for (const bool reached : {true, false}) {
    // mid 90.09 does not lie on a half tick; a tick of 0.01 makes it exact
    Instrument on = bare();
    on.tick = {{Timestamp{}, price(0.01)}};
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 10));
    Tape tape;
    play(reached ? falling(90.08, 90.10) : falling(90.09, 90.10), player, tape, params(), on);
    EXPECT_EQ(tape.fills.size() > 1, reached);
  }
}

TEST(Liquidation, ClosesByTakingAndTheInsuranceTakesWhatTheMarginDoesNotHold) {
  Market market = falling(89.0, 89.1);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  player.at(ms(30), limit_order(2, Side::Buy, 99.0, 1));
  player.at(ms(30), reduce_only(limit_order(3, Side::Sell, 110.0, 1)));
  // no fill of order 2 by that quote: its arrival is below, and the ask passes it
  market.quotes[1].ask = price(99.1);
  market.quotes[1].bid = price(81.1);  // mid 90.1: not yet
  market.quote(200, 80.0, 4, 99.1, 4);
  Tape tape;
  play(market, player, tape, params(), bare());
  // mid 89.55 ≤ 90.09. Sold 4 at 80.0, then slices of 4 at 79.9 and 2 at 79.8.
  ASSERT_EQ(tape.fills.size(), 4U);
  EXPECT_EQ(tape.fills[1].price, price(80.0));
  EXPECT_EQ(tape.fills[2].price, price(79.9));
  EXPECT_EQ(tape.fills[3].price, price(79.8));
  EXPECT_EQ(tape.fills[3].qty, qty(2));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(tape.fills[i].rule, FillRule::Liq);
  EXPECT_EQ(tape.fills[1].ts, ms(200));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Canceled);
  // R = 320 + 319.6 + 159.6 − 1001 = −201.8; fees of the closing 5 bp of 799.2 = 0.3996
  // loss 202.1996 − M 100.1 = 102.0996

  const trading::EquityRecord* settled = nullptr;
  for (const auto& sample : tape.equity) {
    if (sample.cause == EquityCause::Liquidation) settled = &sample;
  }
  ASSERT_NE(settled, nullptr);
  EXPECT_EQ(settled->ts, ms(200));
  EXPECT_EQ(settled->insurance, money(102.0996));
  EXPECT_EQ(settled->position, Qty{});
  // The isolated margin is what is lost, beside the fee of the entry (0.5005).
  EXPECT_EQ(settled->equity, money(100'000 - 100.1 - 0.5005));
  EXPECT_EQ(tape.positions.at(0).exit_role, trading::Role::Liquidation);
  EXPECT_TRUE(player.fills.back().liquidation);
  const auto& order = tape.orders.back();
  EXPECT_EQ(order.submit.intent.role, trading::Role::Liquidation);
  EXPECT_EQ(order.ts_submit, ms(200));
  EXPECT_EQ(order.status, OrderStatus::Filled);
  EXPECT_EQ(tape.commands.size(), 3U);  // it is nobody's command
}

TEST(Liquidation, ChargesTheClearanceFeeOfTheDateBesideTheTakers) {
  Instrument on = bare();
  on.clearance_fee = {{Timestamp{}, Rate{}}, {ms(100), rate(0.01)}};
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  Tape tape;
  play(falling(80.0, 80.1), player, tape, params(), on);
  EXPECT_EQ(tape.fills.at(1).fee, money(4 * 80.0 * 0.0105));
}

TEST(Liquidation, LeavesNothingToInsureWhenTheMarginSuffices) {
  Instrument on = instrument();
  on.brackets = {{Timestamp{}, {{money(1e6), rate(0.05), 10}}}};  // MM 5 %
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  Tape tape;
  // 100.1 + 10 m − 1001 ≤ 0.5 m ⇔ m ≤ 94.83…
  play(falling(94.7, 94.8), player, tape, params(), on);
  ASSERT_EQ(tape.fills.size(), 4U);
  EXPECT_EQ(tape.equity.back().insurance, Money{});
}

TEST(Liquidation, AlsoTakesShortsAndNeedsBrackets) {
  Market market;
  market.quote(0, 100.0, 20, 100.1, 20).quote(100, 110.0, 20, 110.1, 20);
  Player player;
  player.at(ms(20), market_order(1, Side::Sell, 10));
  Tape tape;
  play(market, player, tape, params(), bare());
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[1].price, price(110.1));
  Player again;
  again.at(ms(20), market_order(1, Side::Sell, 10));
  Tape without;
  play(market, again, without);
  EXPECT_EQ(without.fills.size(), 1U);
}

TEST(Liquidation, OnAWorseMarkAfterABetterOne) {
  // The sums are skipped while the mark is no worse than one known to be safe.
  Market market;
  market.quote(0, 100.0, 20, 100.1, 20).quote(50, 95, 9, 95.1, 9).quote(60, 99, 9, 99.1, 9);
  market.quote(70, 95, 9, 95.1, 9).quote(80, 90.0, 9, 90.1, 9);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  Tape tape;
  play(market, player, tape, params(), bare());
  EXPECT_EQ(tape.fills.at(1).ts, ms(80));
}

TEST(Liquidation, WhatWasSafeForOnePositionIsNotForTheNext) {
  Market market;
  market.quote(0, 100.0, 20, 100.1, 20).quote(50, 95, 20, 95.1, 20).quote(100, 120, 20, 120.1, 20);
  market.quote(200, 107, 20, 107.1, 20);  // liquidated from 108.09 down
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 10));
  player.at(ms(60), market_order(2, Side::Sell, 10));
  player.at(ms(150), market_order(3, Side::Buy, 10));
  Tape tape;
  play(market, player, tape, params(), bare());
  ASSERT_EQ(tape.fills.size(), 4U);
  EXPECT_EQ(tape.fills[3].rule, FillRule::Liq);
}

TEST(Liquidation, ATakingOrderThatBringsItAboutRestsNoMore) {
  // Already short of margin after its own fill: what is left of the LIMIT is canceled too.
  Instrument on = instrument();
  on.brackets = {{Timestamp{}, {{money(1e6), rate(0.09), 10}}}};
  Market market;
  market.quote(0, 100.0, 20, 103.0, 2);
  Player player;
  // 2 at 103: M = 20.6; 20.6 + 2 · 101.5 − 206 = 17.6 ≤ .09 · 203 = 18.27
  player.at(ms(20), limit_order(1, Side::Buy, 103.0, 5));
  Tape tape;
  play(market, player, tape, params(), on);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).filled_qty, qty(2));
  EXPECT_EQ(tape.equity.back().position, Qty{});
}

}  // namespace
}  // namespace toxvol::engine::test
