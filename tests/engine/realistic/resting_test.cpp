#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

using trading::FillRule;
using trading::Liquidity;
using trading::OrderStatus;

EngineParams queue(QueueModel model) {
  EngineParams result = params();
  result.exchange.queue = model;
  return result;
}

/// A BUY of 1 at 100.0, arriving at 21, in a book of 5 at 100.0 / 5 at 100.1; then `market`.
Records rest(const Market& market, double at, const EngineParams& with = params(),
             double size = 1) {
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, at, size));
  Tape tape;
  play(market, player, tape, with);
  return static_cast<Records&>(tape);
}

Market book() {
  Market market;
  market.quote(0, 100.0, 5, 100.1, 5);
  return market;
}

TEST(Resting, AheadIsTheShownSizeAtTheBidNothingInsideUnknownBelow) {
  EXPECT_EQ(rest(book(), 100.0).order(1).queue_ahead, qty(5));
  EXPECT_EQ(rest(book(), 99.9).order(1).queue_ahead, std::nullopt);
  Market wide;
  wide.quote(0, 100.0, 5, 100.3, 5);
  EXPECT_EQ(rest(wide, 100.1).order(1).queue_ahead, Qty{});
}

TEST(Resting, ATradeAtOurPriceServesTheQueueAheadFirst) {
  {
    Market market = book();
    market.trade(50, Side::Sell, 100.0, 5);
    EXPECT_TRUE(rest(market, 100.0).fills.empty());
  }
  Market market = book();
  market.trade(50, Side::Sell, 100.0, 3).trade(60, Side::Sell, 100.0, 2.4);
  const Records tape = rest(market, 100.0);
  ASSERT_EQ(tape.fills.size(), 1U);
  EXPECT_EQ(tape.fills[0].qty, qty(0.4));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X12);
  EXPECT_EQ(tape.fills[0].liquidity, Liquidity::Maker);
  EXPECT_EQ(tape.fills[0].cause, 2);
  EXPECT_EQ(tape.fills[0].ts, ms(60));
  EXPECT_EQ(tape.fills[0].fee, money(0.008));  // 2 bp of 40
}

TEST(Resting, TradesAwayFromUsOrByBuyersDoNothing) {
  Market market = book();
  market.trade(50, Side::Buy, 100.0, 50).trade(60, Side::Sell, 100.1, 50);
  EXPECT_TRUE(rest(market, 100.0).fills.empty());
}

TEST(Resting, ATradeInTheArrivalMillisecondMeetsTheOrder) {
  Market before = book();
  before.trade(20, Side::Sell, 100.0, 6);
  EXPECT_TRUE(rest(before, 100.0).fills.empty());
  Market same = book();
  same.trade(21, Side::Sell, 100.0, 6);
  EXPECT_EQ(rest(same, 100.0).fills.size(), 1U);
}

TEST(Resting, UnknownAheadIsNotFilledByTradesAtThePrice) {
  Market market = book();
  market.trade(50, Side::Sell, 99.9, 500);
  EXPECT_TRUE(rest(market, 99.9).fills.empty());
}

TEST(Resting, ATradeThroughUsFillsAtOurPriceAndClearsTheQueue) {
  Market market = book();
  market.trade(50, Side::Sell, 99.9, 0.3).trade(60, Side::Sell, 100.0, 0.2);
  const Records tape = rest(market, 100.0);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[0].price, price(100.0));
  EXPECT_EQ(tape.fills[0].qty, qty(0.3));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X13);
  EXPECT_EQ(tape.fills[1].qty, qty(0.2));  // nothing is ahead any more
}

TEST(Resting, OneTradeIsGivenOnceByPriceThenArrival) {
  Market market = book();
  market.quote(30, 100.0, 5, 100.1, 5).trade(50, Side::Sell, 99.8, 2.5);
  Player player;
  player.at(ms(10), limit_order(1, Side::Buy, 99.9, 1));
  player.at(ms(20), limit_order(2, Side::Buy, 100.0, 1));
  player.at(ms(25), limit_order(3, Side::Buy, 100.0, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].order, trading::OrderId{2});
  EXPECT_EQ(tape.fills[1].order, trading::OrderId{3});
  EXPECT_EQ(tape.fills[2].order, trading::OrderId{1});
  EXPECT_EQ(tape.fills[2].qty, qty(0.5));
}

TEST(Resting, EachOwnOrderCountsItsOwnQueueWithTheFullTrade) {
  // 5 ahead of each of two orders: a trade of 6 leaves 1 beyond the queue, which X11 grants to
  // each, as long as the trade's own 6 are not given out. (Own orders do not queue on each other.)
  Market market = book();
  market.trade(50, Side::Sell, 100.0, 6);
  Player player;
  player.at(ms(10), limit_order(1, Side::Buy, 100.0, 0.8));
  player.at(ms(20), limit_order(2, Side::Buy, 100.0, 3));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[0].qty, qty(0.8));
  EXPECT_EQ(tape.fills[1].qty, qty(1));
}

TEST(Resting, AThroughTradeClearsTheQueueEvenWithNothingLeftForTheOrder) {
  Market market = book();
  market.trade(50, Side::Sell, 99.9, 1).trade(60, Side::Sell, 100.0, 0.5);
  Player player;
  player.at(ms(10), limit_order(1, Side::Buy, 100.0, 1));
  player.at(ms(20), limit_order(2, Side::Buy, 100.0, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 2U);
  EXPECT_EQ(tape.fills[1].order, trading::OrderId{2});
  EXPECT_EQ(tape.fills[1].qty, qty(0.5));
}

TEST(Resting, TheQuoteMovesTheQueue) {
  {  // bid below us: nothing is ahead
    Market market = book();
    market.quote(50, 99.9, 9, 100.1, 5).trade(60, Side::Sell, 100.0, 0.1);
    EXPECT_EQ(rest(market, 100.0).fills.size(), 1U);
  }
  {  // a smaller size than what is ahead bounds it
    Market market = book();
    market.quote(50, 100.0, 2, 100.1, 5).trade(60, Side::Sell, 100.0, 2.1);
    EXPECT_EQ(rest(market, 100.0).fills.at(0).qty, qty(0.1));
  }
  {  // bid above us: frozen at 5
    Market market = book();
    market.quote(50, 100.1, 9, 100.2, 5).trade(60, Side::Sell, 100.0, 5.2);
    EXPECT_EQ(rest(market, 100.0).fills.at(0).qty, qty(0.2));
  }
  {  // unknown becomes the size when the bid comes to us
    Market market = book();
    market.quote(50, 99.9, 3, 100.1, 5).trade(60, Side::Sell, 99.9, 3.5);
    EXPECT_EQ(rest(market, 99.9).fills.at(0).qty, qty(0.5));
  }
  {  // unknown becomes nothing when the bid falls below us
    Market market = book();
    market.quote(50, 99.8, 3, 100.1, 5).trade(60, Side::Sell, 99.9, 0.5);
    EXPECT_EQ(rest(market, 99.9).fills.at(0).qty, qty(0.5));
  }
}

TEST(Resting, AnAskThatReachesUsFillsOncePerChangedRow) {
  Market market = book();
  market
      .quote(50, 99.9, 5, 100.0, 0.4)  // 0.4
      .quote(60, 99.8, 5, 100.0, 0.4)  // the ask is the same: no
      .quote(70, 99.8, 5, 100.0, 0.5)  // 0.5 − 0.4 consumed
      .quote(80, 99.8, 5, 99.9, 0.1);  // a new price: 0.1 at our price
  const Records tape = rest(market, 100.0);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].qty, qty(0.4));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X16);
  EXPECT_EQ(tape.fills[0].cause, 2);
  EXPECT_DOUBLE_EQ(*tape.fills[0].mid_fill, 99.95);  // that row's
  EXPECT_EQ(tape.fills[1].qty, qty(0.1));
  EXPECT_EQ(tape.fills[1].cause, 4);
  EXPECT_EQ(tape.fills[2].qty, qty(0.1));
  EXPECT_EQ(tape.fills[2].price, price(100.0));
}

TEST(Resting, AnUnchangedAskFillsNoMoreAlsoWhenNothingIsConsumedAnyLonger) {
  for (const double size : {0.4, 0.401}) {
    Market market = book();
    market.quote(50, 99.9, 5, 100.0, 0.4).quote(1'050, 99.8, 5, 100.0, size);
    EXPECT_EQ(rest(market, 100.0).fills.size(), size == 0.4 ? 1U : 2U);
  }
}

TEST(Resting, WhatAReachingAskGaveIsConsumedForTakers) {
  Market market = book();
  market.quote(50, 99.9, 5, 100.0, 1.4);
  Player player;
  player.at(ms(20), limit_order(1, Side::Buy, 100.0, 1));
  player.at(ms(60), market_order(2, Side::Buy, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[1].qty, qty(0.4));
}

TEST(Resting, SellsMirrorBuys) {
  Market market = book();
  market.trade(50, Side::Buy, 100.1, 5.3).trade(60, Side::Buy, 100.2, 0.2);
  market.quote(70, 100.1, 0.1, 100.2, 5);
  Player player;
  player.at(ms(20), limit_order(1, Side::Sell, 100.1, 1));
  Tape tape;
  play(market, player, tape);
  ASSERT_EQ(tape.fills.size(), 3U);
  EXPECT_EQ(tape.fills[0].qty, qty(0.3));
  EXPECT_EQ(tape.fills[0].rule, FillRule::X12);
  EXPECT_EQ(tape.fills[1].rule, FillRule::X13);
  EXPECT_EQ(tape.fills[2].rule, FillRule::X16);
  EXPECT_EQ(tape.fills[2].qty, qty(0.1));
}

// ---- queue models ----

TEST(Queue, RiskAverseIgnoresCancellations) {
  Market market = book();
  market.quote(30, 100.0, 9, 100.1, 5).quote(50, 100.0, 6, 100.1, 5);
  market.trade(60, Side::Sell, 100.0, 5.1);
  EXPECT_EQ(rest(market, 100.0).fills.at(0).qty, qty(0.1));
}

TEST(Queue, ProportionalMovesTheShareOfACancellation) {
  Market market = book();
  // 9 shown, 5 ahead; 3 cancelled: ahead −= ⌊3 · 5 / 9⌋ = 1.666 → 3.334
  market.quote(30, 100.0, 9, 100.1, 5).quote(50, 100.0, 6, 100.1, 5);
  market.trade(60, Side::Sell, 100.0, 3.4);
  const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.066));
}

TEST(Queue, ATradedDecreaseIsNoCancellation) {
  Market market = book();
  // 9 shown, 5 ahead. 2 trade (3 ahead), then 3 leave: 2 repaid, 1 cancelled of 9 − 2 = 7:
  // ⌊1 · 3 / 7⌋ = 0.428 → 2.572
  market.quote(30, 100.0, 9, 100.1, 5)
      .trade(40, Side::Sell, 100.0, 2)
      .quote(50, 100.0, 6, 100.1, 5);
  market.trade(60, Side::Sell, 100.0, 2.6);
  const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.028));
}

TEST(Queue, DebtLastsAHundredMillisecondsInclusive) {
  for (const std::int64_t after : {100, 101}) {
    Market market = book();
    market.quote(30, 100.0, 9, 100.1, 5).trade(40, Side::Sell, 100.0, 3);
    market.quote(40 + after, 100.0, 6, 100.1, 5).trade(300, Side::Sell, 100.0, 2.5);
    const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
    if (after == 100) {
      EXPECT_EQ(tape.fills.at(0).qty, qty(0.5));  // 2 ahead: all was traded
    } else {
      EXPECT_EQ(tape.fills.at(0).qty, qty(1));  // ⌊3 · 2 / 9⌋ = 0.666: 1.334 ahead
    }
  }
}

TEST(Queue, DebtBelongsToAPriceAndSideWhetherOrNotWeRest) {
  Market market = book();
  // Traded before we came, and at another price or side: only the first explains the decrease.
  market.quote(1, 100.0, 9, 100.1, 5).trade(15, Side::Sell, 100.0, 1);
  market.trade(16, Side::Sell, 99.9, 1).trade(17, Side::Buy, 100.0, 1);
  market.quote(30, 100.0, 6, 100.1, 5);  // 3 less: 1 traded, 2 cancelled of 8
  market.trade(60, Side::Sell, 100.0, 6.8);
  const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
  // 9 ahead on joining: 9 − ⌊2 · 9 / 8⌋ = 6.75, then min(6.75, 6) = 6
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.8));
}

TEST(Queue, DebtIsRepaidWhetherOrNotWeRest) {
  Market market = book();
  // 1 of 5 traded and gone from the quote before we come: 4 ahead. Of 9 shown 3 leave, and no trade
  // explains them any more: ahead −= ⌊3 · 4 / 9⌋ = 1.333 → 2.667
  market.trade(15, Side::Sell, 100.0, 1).quote(17, 100.0, 4, 100.1, 5);
  market.quote(30, 100.0, 9, 100.1, 5).quote(50, 100.0, 6, 100.1, 5);
  market.trade(60, Side::Sell, 100.0, 2.7);
  const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.033));
}

TEST(Queue, ALevelThatReturnedHasNoCancellation) {
  Market market = book();
  market.quote(30, 100.1, 9, 100.2, 5).quote(50, 100.0, 4.5, 100.1, 5);
  market.trade(60, Side::Sell, 100.0, 4.6);
  const Records tape = rest(market, 100.0, queue(QueueModel::Proportional));
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.1));  // min(5, 4.5) ahead
}

TEST(Queue, OptimisticHasNothingAheadAlsoBelowTheBid) {
  Market market = book();
  market.trade(50, Side::Sell, 99.9, 0.2);
  const Records tape = rest(market, 99.9, queue(QueueModel::Optimistic));
  EXPECT_EQ(tape.fills.at(0).qty, qty(0.2));
  EXPECT_EQ(tape.order(1).queue_ahead, Qty{});
}

}  // namespace
}  // namespace toxvol::engine::test
