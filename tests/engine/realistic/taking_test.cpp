#include <cstdint>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/depth_meter.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

using trading::FillRule;
using trading::Liquidity;
using trading::OrderStatus;
using trading::TimeInForce;

trading::Submit with(trading::Submit submit, TimeInForce tif) {
  submit.tif = tif;
  return submit;
}

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
  EXPECT_EQ(tape.fills[0].liquidity, Liquidity::Taker);
  EXPECT_FALSE(tape.fills[0].cause);
  EXPECT_EQ(tape.fills[0].ts, ms(21));
  EXPECT_EQ(tape.order(1).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(1).ts_arrive, ms(21));
  EXPECT_EQ(tape.order(1).ts_done, ms(21));
  EXPECT_EQ(tape.fills[0].fee, money(0.05005));  // 5 bp of each row
  EXPECT_EQ(tape.fills[1].fee, money(0.0501));
  EXPECT_EQ(tape.fills[2].fee, money(0.025075));
  EXPECT_EQ(tape.fills[2].position_after, qty(2.5));
  EXPECT_EQ(*tape.order(1).avg_price, price(100.18));  // (100.1 + 100.2 + 50.15) / 2.5
  // mid seen when it was sent: 100.05
  EXPECT_DOUBLE_EQ(*tape.fills[2].mid_decision, 100.05);
  EXPECT_EQ(*tape.fills[2].slippage, money(0.125));
}

TEST(Taking, SellingMirrorsBuying) {
  Market market;
  market.quote(0, 100.0, 1, 100.1, 5);
  Player player;
  player.at(ms(20), market_order(1, Side::Sell, 1.5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[0].price, price(100.0));
  EXPECT_EQ(tape.fills[1].price, price(99.9));
  EXPECT_EQ(*tape.fills[1].slippage, money(0.075));  // (100.05 − 99.9) · 0.5
}

TEST(Taking, ImpactIsInTicksPerSlice) {
  Market market;
  market.quote(0, 100.0, 1, 100.1, 1);
  EngineParams with3 = params();
  with3.exchange.impact_ticks_per_level = 3;
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 2));
  Tape tape;
  play(market, player, tape, with3);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[1].price, price(100.4));
}

TEST(Taking, SlicesAreNoSmallerThanTheMeanDepthOfTheLastWholeMinute) {
  Market market;
  // Minute 0: (3 + 5) from 30 s on: mean one side = 4. Minute 1: a thin touch.
  market.quote(30'000, 100.0, 3, 100.1, 5).quote(60'000, 100.0, 3, 100.1, 0.5);
  Player player;
  player.at(ms(69'000), market_order(1, Side::Buy, 5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].qty, qty(0.5));
  EXPECT_EQ(tape.fills[1].qty, qty(4));
  EXPECT_EQ(tape.fills[2].qty, qty(0.5));
}

TEST(DepthMeter, WeighsByTimeAndCarriesWithinTheDay) {
  const Qty lot = qty(0.001);
  const auto at = [](std::int64_t after) { return exchange_time(ms(after)); };  // from 00:00
  DepthMeter meter;
  meter.on(at(15'000), qty(2));
  meter.on(at(30'000), qty(8));
  EXPECT_EQ(meter.mean(at(59'999), lot), Qty{});  // no whole minute yet
  // 15 s of 2 and 30 s of 8 over 2 · 45 s
  EXPECT_EQ(meter.mean(at(60'000), lot), qty(3));
  EXPECT_EQ(meter.mean(at(120'000), lot), qty(4));  // carried 8 all through
  meter.on(at(120'000), qty(1));
  EXPECT_EQ(meter.mean(at(179'999), lot), qty(4));
  EXPECT_EQ(meter.mean(at(180'000), lot), qty(0.5));
}

TEST(DepthMeter, FloorsToTheLotAndForgetsAtMidnight) {
  const auto at = [](std::int64_t after) { return exchange_time(ms(86'400'000 + after)); };
  DepthMeter meter;
  meter.on(at(-30'000), qty(1.0019));
  EXPECT_EQ(meter.mean(at(0), qty(0.001)), qty(0.5));  // 0.50095
  EXPECT_EQ(meter.mean(at(60'000), qty(0.001)), Qty{});
  meter.on(at(90'000), qty(4));
  EXPECT_EQ(meter.mean(at(120'000), qty(0.001)), qty(2));
}

TEST(Taking, LimitTakesUpToItsPriceAndRestsFirstInTheQueue) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1).quote(100, 100.2, 7, 100.3, 1);
  market.trade(150, Side::Sell, 100.2, 0.3);
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.2, 2.5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].price, price(100.1));
  EXPECT_EQ(tape.fills[1].price, price(100.2));
  EXPECT_EQ(tape.fills[1].rule, FillRule::X9);
  EXPECT_EQ(tape.order(1).queue_ahead, Qty{});
  // the trade at its price finds nothing ahead of us
  EXPECT_EQ(tape.fills[2].rule, FillRule::X12);
  EXPECT_EQ(tape.fills[2].qty, qty(0.3));
  EXPECT_EQ(tape.order(1).status, OrderStatus::Open);
}

TEST(Taking, ImmediateOrCancelCancelsTheRestAtItsArrival) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1);
  Player player;
  player.at(ms(20), with(limit_order(1, Side::Buy, 100.1, 2), TimeInForce::Ioc));
  player.at(ms(40), with(limit_order(2, Side::Buy, 100.0, 2), TimeInForce::Ioc));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).filled_qty, qty(1));
  EXPECT_EQ(tape.order(1).ts_done, ms(21));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Canceled);  // not marketable
  EXPECT_EQ(tape.order(2).ts_accepted, ms(41));
  EXPECT_FALSE(tape.order(1).queue_ahead);
}

TEST(Taking, FillOrKillFillsAllOrNothing) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1);
  Player player;
  // 1 at 100.1 and 1 at 100.2: 2 is there, a lot more is not.
  player.at(ms(20), with(limit_order(1, Side::Buy, 100.2, 2.001), TimeInForce::Fok));
  player.at(ms(40), with(limit_order(2, Side::Buy, 100.2, 2), TimeInForce::Fok));
  player.at(ms(60), with(limit_order(3, Side::Buy, 100.0, 1), TimeInForce::Fok));
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.order(1).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(1).filled_qty, Qty{});
  EXPECT_EQ(tape.order(2).status, OrderStatus::Filled);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Canceled);
}

TEST(Taking, WhatWeTookStaysConsumedForOneSecondExactly) {
  for (const std::int64_t second : {1'018, 1'019}) {
    Market market;
    market.quote(0, 100.0, 2, 100.1, 1);
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 0.4));        // arrives at 21
    player.at(ms(second + 1), market_order(2, Side::Buy, 1));  // at 1 020 or 1 021
    Tape tape;
    play(market, player, tape);
    if (second == 1'018) {
      ASSERT_EQ(tape.fills.size(), 3U);
      EXPECT_EQ(tape.fills[1].qty, qty(0.6));
      EXPECT_EQ(tape.fills[2].price, price(100.2));
    } else {
      ASSERT_EQ(tape.fills.size(), 2U);  // + 1 000 ms: it is over
      EXPECT_EQ(tape.fills[1].qty, qty(1));
    }
  }
}

TEST(Taking, ATakingRestartsTheSecondForAllThatIsConsumed) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1);
  Player player;
  player.at(ms(0), market_order(1, Side::Buy, 0.4));
  player.at(ms(900), market_order(2, Side::Buy, 0.4));
  player.at(ms(1'800), market_order(3, Side::Buy, 1));  // 900 ms after the second
  Tape tape;
  play(market, player, tape);
  // 0.8 is consumed, 0.2 is left
  EXPECT_EQ(tape.fills[2].qty, qty(0.2));
}

TEST(Taking, ConsumptionEndsWithTheBestPriceAndASmallerSizeLowersItForGood) {
  {
    Market market;
    market.quote(0, 100.0, 2, 100.1, 1)
        .quote(100, 100.0, 2, 100.2, 1)
        .quote(200, 100.0, 2, 100.1, 1);
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 1));
    player.at(ms(300), market_order(2, Side::Buy, 1));
    Tape tape;
    play(market, player, tape);
    EXPECT_EQ(tape.fills[1].price, price(100.1));  // the level left and came back fresh
  }
  {
    Market market;
    market.quote(0, 100.0, 2, 100.1, 1)
        .quote(100, 100.0, 2, 100.1, 0.3)
        .quote(200, 100.0, 2, 100.1, 1);
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 0.8));
    player.at(ms(300), market_order(2, Side::Buy, 1));
    Tape tape;
    play(market, player, tape);
    EXPECT_EQ(tape.fills[1].qty, qty(0.7));  // 0.3 consumed of 1
  }
}

TEST(Taking, WhollyConsumedTouchSendsTheOrderToTheNextSlice) {
  Market market;
  market.quote(0, 100.0, 2, 100.1, 1);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Buy, 0.5));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[1].price, price(100.2));
}

TEST(Taking, OwnSellsConsumeTheBidAndNotTheAsk) {
  Market market;
  market.quote(0, 100.0, 1, 100.1, 1);
  Player player;
  player.at(ms(20), market_order(1, Side::Buy, 1));
  player.at(ms(40), market_order(2, Side::Sell, 1));
  player.at(ms(60), market_order(3, Side::Sell, 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_EQ(tape.fills[1].price, price(100.0));
  EXPECT_EQ(tape.fills[2].price, price(99.9));
}

TEST(Taking, MarketOrderTakesAUsableQuoteAndWaitsForOne) {
  struct Case {
    double bid, bid_qty, ask, ask_qty;
    bool usable;
  };
  for (const Case& c : {Case{100.0, 1, 100.1, 1, true}, Case{100.0, 1, 100.0, 1, false},
                        Case{100.0, 0, 100.1, 1, false}, Case{100.0, 1, 100.1, 0, false}}) {
    Market market;
    market.quote(0, c.bid, c.bid_qty, c.ask, c.ask_qty).quote(50, 101.0, 2, 101.1, 1);
    Player player;
    player.at(ms(20), market_order(1, Side::Buy, 0.5));
    Tape tape;
    play(market, player, tape);
    EXPECT_EQ(tape.order(1).ts_accepted, ms(21));
    EXPECT_EQ(tape.order(1).ts_done, c.usable ? ms(21) : ms(50));
    EXPECT_EQ(tape.fills.at(0).price, c.usable ? price(100.1) : price(101.1));
  }
}

TEST(Taking, ALimitWithoutAUsableQuoteNeverTakes) {
  Market market;
  market.quote(0, 100.0, 1, 100.0, 1);  // locked
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.0, 1));
  player.at(ms(20), with(limit_order(2, Side::Buy, 100.1, 1), TimeInForce::Ioc));
  player.at(ms(20), with(limit_order(3, Side::Buy, 100.1, 1), TimeInForce::Fok));
  player.at(ms(20), post_only(4, Side::Buy, 100.0, 1));
  player.at(ms(20), post_only(5, Side::Buy, 99.9, 1));
  Tape tape;
  play(market, player, tape);
  EXPECT_TRUE(tape.fills.empty());
  EXPECT_EQ(tape.order(1).queue_ahead, qty(1));
  EXPECT_EQ(tape.order(2).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(3).status, OrderStatus::Canceled);
  EXPECT_EQ(tape.order(4).status, OrderStatus::Open);  // X8 asks the touch, and there is none
  EXPECT_EQ(tape.order(5).status, OrderStatus::Open);
}

}  // namespace
}  // namespace toxvol::engine::test
