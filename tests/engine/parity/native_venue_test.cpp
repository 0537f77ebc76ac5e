#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

/// NautilusTrader's matching as of 1.221, rule by rule (docs/parity.md). The golden
/// logs say that a whole run agrees; these say what each rule is.
namespace toxvol::engine::test {
namespace {

using trading::TimeInForce;

// ---- taking: bid 100.0 × 2, ask 100.1 × 3 ----

TEST(Nautilus1221Taking, AMarketOrderWithinTheTopFillsAtTheTouch) {
  Session two;
  EXPECT_EQ(two.book(0).at(1, market_order(1, Side::Buy, 2)).book(2).fills(),
            (Lines{"1 O-1 buy 2 @ 100.1 taker"}));
  Session three;
  EXPECT_EQ(three.book(0).at(1, market_order(1, Side::Buy, 3)).book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker"}));
  Session sell;
  EXPECT_EQ(sell.book(0).at(1, market_order(1, Side::Sell, 2)).book(2).fills(),
            (Lines{"1 O-1 sell 2 @ 100 taker"}));
}

TEST(Nautilus1221Taking, TheRemainderOfAMarketOrderFillsWholeOneTickWorse) {
  Session five;
  EXPECT_EQ(five.book(0).at(1, market_order(1, Side::Buy, 5)).book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 2 @ 100.2 taker"}));
  EXPECT_EQ(five.outcome(1), "filled");
  // A lot more than the top, and however much more: there is only one tick behind it.
  Session little;
  EXPECT_EQ(little.book(0).at(1, market_order(1, Side::Buy, 3.001)).book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 0.001 @ 100.2 taker"}));
  Session much;
  EXPECT_EQ(much.book(0).at(1, market_order(1, Side::Buy, 9000)).book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 8997 @ 100.2 taker"}));
  Session sell;
  EXPECT_EQ(sell.book(0).at(1, market_order(1, Side::Sell, 5)).book(2).fills(),
            (Lines{"1 O-1 sell 2 @ 100 taker", "1 O-1 sell 3 @ 99.9 taker"}));
}

TEST(Nautilus1221Taking, WhatWasTakenIsStillThere) {
  Session session;
  session.book(0);
  for (std::int64_t id = 1; id <= 3; ++id) session.at(1, market_order(id, Side::Buy, 3));
  EXPECT_EQ(session.book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-2 buy 3 @ 100.1 taker",
                   "1 O-3 buy 3 @ 100.1 taker"}));
}

TEST(Nautilus1221Taking, ALimitAtTheTouchTakesTheTopAndRestsWithWhatIsLeft) {
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.1, 5)).at(5, cancel(1));
  // No second pass at 1: the rest waits for the quote of 9, and is canceled before it.
  EXPECT_EQ(session.book(9).fills(), (Lines{"1 O-1 buy 3 @ 100.1 taker"}));
  EXPECT_EQ(session.outcome(1), "canceled 3");

  Session waits;
  EXPECT_EQ(waits.book(0).at(1, limit_order(1, Side::Buy, 100.1, 5)).book(9).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "9.3 O-1 buy 2 @ 100.1 maker"}));

  Session sell;
  EXPECT_EQ(sell.book(0).at(1, limit_order(1, Side::Sell, 100.0, 5)).book(9).fills(),
            (Lines{"1 O-1 sell 2 @ 100 taker", "9.3 O-1 sell 2 @ 100 maker"}));
  EXPECT_EQ(sell.outcome(1), "open 4");
}

TEST(Nautilus1221Taking, ALimitBeyondTheTouchTakesTheRestOneTickWorse) {
  Session session;
  EXPECT_EQ(session.book(0).at(1, limit_order(1, Side::Buy, 100.2, 5)).book(9).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 2 @ 100.2 taker"}));
  // Not at its limit: a tick behind the touch.
  Session far;
  EXPECT_EQ(far.book(0).at(1, limit_order(1, Side::Buy, 107.0, 5)).book(9).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 2 @ 100.2 taker"}));
  Session sell;
  EXPECT_EQ(sell.book(0).at(1, limit_order(1, Side::Sell, 99.9, 5)).book(9).fills(),
            (Lines{"1 O-1 sell 2 @ 100 taker", "1 O-1 sell 3 @ 99.9 taker"}));
}

TEST(Nautilus1221Taking, TheRestOfALimitThatIsNoMultipleOfTheTickMayPassItsLimit) {
  // Tick 0.5: the limit has the decimals of the tick, and more is not asked.
  Session session;
  session.on.tick = {{Timestamp{}, price(0.5)}};
  session.quote(0, 100.0, 2, 100.5, 3)
      .at(1, limit_order(1, Side::Buy, 100.7, 5))
      .at(1, limit_order(2, Side::Buy, 100.75, 5));
  EXPECT_EQ(session.quote(9, 100.0, 2, 100.5, 3).fills(),
            (Lines{"1 O-1 buy 3 @ 100.5 taker", "1 O-1 buy 2 @ 101 taker"}));
  EXPECT_EQ(session.outcome(2), "rejected tick");
}

// ---- resting ----

TEST(Nautilus1221Resting, ALimitThatIsTouchedFillsTheTopAgainAtEveryLook) {
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5));
  session.quote(2, 99.9, 2, 100.1, 1).quote(3, 99.9, 2, 100.0, 1).quote(4, 99.9, 2, 100.0, 1);
  EXPECT_EQ(session.fills(), (Lines{"3.3 O-1 buy 1 @ 100 maker", "4.3 O-1 buy 1 @ 100 maker"}));
  EXPECT_EQ(session.outcome(1), "open 2");

  Session sell;
  sell.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5));
  sell.quote(2, 100.0, 1, 100.2, 2).quote(3, 100.1, 1, 100.2, 2).quote(4, 100.1, 9, 100.2, 2);
  EXPECT_EQ(sell.fills(), (Lines{"3.3 O-1 sell 1 @ 100.1 maker", "4.3 O-1 sell 4 @ 100.1 maker"}));
}

TEST(Nautilus1221Resting, ALimitThatIsPassedFillsWholeAtItsLimitInTwoFills) {
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).quote(2, 99.8, 2, 99.9, 1);
  EXPECT_EQ(session.fills(), (Lines{"2.3 O-1 buy 1 @ 100 maker", "2.3 O-1 buy 4 @ 100 maker"}));
  // One, where the top is enough.
  Session enough;
  enough.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).quote(2, 99.8, 2, 99.9, 5);
  EXPECT_EQ(enough.fills(), (Lines{"2.3 O-1 buy 5 @ 100 maker"}));

  Session sell;
  sell.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5)).quote(2, 100.2, 1, 100.3, 2);
  EXPECT_EQ(sell.fills(), (Lines{"2.3 O-1 sell 1 @ 100.1 maker", "2.3 O-1 sell 4 @ 100.1 maker"}));
}

TEST(Nautilus1221Resting, OfTwoThatArePassedTheWorsePricedWaitsForTheNextLook) {
  // O-2 is passed and moves the market to 100.0 meanwhile, where O-1 is out of reach.
  Session session;
  session.book(0)
      .at(1, limit_order(1, Side::Buy, 99.9, 1))
      .at(1, limit_order(2, Side::Buy, 100.0, 1));
  session.quote(2, 99.7, 2, 99.8, 9).quote(3, 99.7, 2, 99.8, 9);
  EXPECT_EQ(session.fills(), (Lines{"2.3 O-2 buy 1 @ 100 maker", "3.3 O-1 buy 1 @ 99.9 maker"}));
  // Of equal prices the earlier is first, and the later is within reach.
  Session equal;
  equal.book(0)
      .at(1, limit_order(1, Side::Buy, 100.0, 1))
      .at(1, limit_order(2, Side::Buy, 100.0, 2));
  EXPECT_EQ(equal.quote(2, 99.7, 2, 99.8, 9).fills(),
            (Lines{"2.3 O-1 buy 1 @ 100 maker", "2.3 O-2 buy 2 @ 100 maker"}));
}

TEST(Nautilus1221Resting, BuysAreMatchedBeforeSells) {
  // Bid and ask of this quote are crossed: one look finds both.
  Session session;
  session.book(0)
      .at(1, limit_order(1, Side::Sell, 100.1, 1))
      .at(1, limit_order(2, Side::Buy, 100.0, 1));
  session.quote(2, 100.1, 2, 100.0, 3);
  EXPECT_EQ(session.fills(), (Lines{"2.3 O-2 buy 1 @ 100 maker", "2.3 O-1 sell 1 @ 100.1 maker"}));
}

// ---- time in force, post-only ----

TEST(Nautilus1221Orders, FillOrKillFillsWithinTheTopOrNothing) {
  Session session;
  session.book(0)
      .at(1, with_tif(limit_order(1, Side::Buy, 100.1, 3), TimeInForce::Fok))
      .at(1, with_tif(limit_order(2, Side::Buy, 100.1, 3.001), TimeInForce::Fok))
      .at(1, with_tif(limit_order(3, Side::Buy, 109.0, 3.001), TimeInForce::Fok))
      .at(1, with_tif(limit_order(4, Side::Buy, 100.0, 1), TimeInForce::Fok))
      .at(1, with_tif(market_order(5, Side::Sell, 2), TimeInForce::Fok))
      .at(1, with_tif(market_order(6, Side::Sell, 2.001), TimeInForce::Fok));
  EXPECT_EQ(session.book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-5 sell 2 @ 100 taker"}));
  for (const std::int64_t id : {2, 3, 4, 6}) EXPECT_EQ(session.outcome(id), "canceled 0") << id;
}

TEST(Nautilus1221Orders, ImmediateOrCancelTakesTheTopOnly) {
  Session session;
  session.book(0)
      .at(1, with_tif(limit_order(1, Side::Buy, 100.1, 5), TimeInForce::Ioc))
      .at(1, with_tif(limit_order(2, Side::Buy, 100.2, 5), TimeInForce::Ioc))
      .at(1, with_tif(market_order(3, Side::Buy, 5), TimeInForce::Ioc))
      .at(1, with_tif(limit_order(4, Side::Buy, 100.0, 5), TimeInForce::Ioc))
      .at(1, with_tif(limit_order(5, Side::Buy, 100.2, 3), TimeInForce::Ioc));
  EXPECT_EQ(session.book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-2 buy 3 @ 100.1 taker",
                   "1 O-3 buy 3 @ 100.1 taker", "1 O-5 buy 3 @ 100.1 taker"}));
  for (const std::int64_t id : {1, 2, 3}) EXPECT_EQ(session.outcome(id), "canceled 3") << id;
  EXPECT_EQ(session.outcome(4), "canceled 0");
  EXPECT_EQ(session.outcome(5), "filled");
}

TEST(Nautilus1221Orders, PostOnlyIsRefusedAtTheTouchAndRestsATickAway) {
  Session session;
  session.book(0).at(1, post_only(1, Side::Buy, 100.1, 1)).at(1, post_only(2, Side::Buy, 100.0, 1));
  session.at(1, post_only(3, Side::Sell, 100.0, 1)).at(1, post_only(4, Side::Sell, 100.1, 1));
  EXPECT_EQ(session.book(2).quote(3, 99.9, 2, 100.0, 3).fills(),
            (Lines{"3.3 O-2 buy 1 @ 100 maker"}));
  EXPECT_EQ(session.outcome(1), "rejected post_only");
  EXPECT_EQ(session.outcome(3), "rejected post_only");
  EXPECT_EQ(session.outcome(4), "open 0");
}

TEST(Nautilus1221Orders, AreCarriedOutInTheOrderInWhichTheyWereGiven) {
  // The limit is accepted after the fill of the market order before it; that one is never accepted.
  Session session;
  session.book(0).at(1, market_order(1, Side::Buy, 1)).at(1, limit_order(2, Side::Buy, 99.0, 1));
  session.book(2);
  static_cast<void>(session.fills());
  Lines told;
  for (const auto& event : session.player.told) {
    if (event.what == "fill" || event.what == "order") told.push_back(event.what);
  }
  EXPECT_EQ(told, (Lines{"fill", "order"}));
}

TEST(Nautilus1221Orders, GivenOnABarFillAfterItAtTheLastQuoteWithTheBarsTime) {
  Session session;
  session.book(59'000).bar(60'000, 90.0, 90.0, 90.0, 90.0, 8).quote(60'001, 101.0, 2, 101.1, 3);
  session.player.on_row = [](const trading::RowSeen& /*row*/, std::vector<trading::Command>& out) {
    out.emplace_back(market_order(1, Side::Buy, 1));
    out.emplace_back(market_order(2, Side::Sell, 1));
  };
  EXPECT_EQ(session.fills(),
            (Lines{"60000.8 O-1 buy 1 @ 100.1 taker", "60000.8 O-2 sell 1 @ 100 taker"}));
}

TEST(Nautilus1221Orders, AreNotAskedForMoney) {
  Session session;
  session.with.deposit = money(1);
  EXPECT_EQ(session.book(0).at(1, market_order(1, Side::Buy, 3)).book(2).fills(),
            (Lines{"1 O-1 buy 3 @ 100.1 taker"}));
}

TEST(Nautilus1221Orders, AreDeniedByDecimalsAndMinimumQuantity) {
  Session session;
  session.on.min_qty = qty(0.005);
  session.book(0)
      .at(1, limit_order(1, Side::Buy, 99.95, 1))
      .at(1, limit_order(2, Side::Buy, 99.9, 1))
      .at(1, market_order(3, Side::Buy, 0.0055))
      .at(1, market_order(4, Side::Buy, 0.004))
      .at(1, market_order(5, Side::Buy, 0.005));
  EXPECT_EQ(session.book(2).fills(), (Lines{"1 O-5 buy 0.005 @ 100.1 taker"}));
  EXPECT_EQ(session.outcome(1), "rejected tick");
  EXPECT_EQ(session.outcome(2), "open 0");
  EXPECT_EQ(session.outcome(3), "rejected lot");
  EXPECT_EQ(session.outcome(4), "rejected min_qty");
}

TEST(Nautilus1221Orders, ACancelComesInTimeOrTooLate) {
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 1)).at(1, cancel(1));
  session.at(1, market_order(2, Side::Buy, 1)).at(1, cancel(2));
  EXPECT_EQ(session.quote(2, 99.0, 2, 99.1, 3).fills(), (Lines{"1 O-2 buy 1 @ 100.1 taker"}));
  EXPECT_EQ(session.outcome(1), "canceled 0");
  using trading::CommandOutcome;
  ASSERT_EQ(session.tape.commands.size(), 4U);
  EXPECT_EQ(session.tape.commands[1].outcome, CommandOutcome::Accepted);
  EXPECT_EQ(session.tape.commands[3].outcome, CommandOutcome::TooLate);
}

// ---- latency ----

TEST(Nautilus1221Latency, AnOrderActsAtTheFirstDatumThatIsDueAndAfterIt) {
  // Given at 10, due at 11.3: the very instant of the second quote.
  Session session;
  session.with.exchange.order_latency.value = Duration{1'300'000};
  session.book(0).at(10, market_order(1, Side::Buy, 1));
  session.quote(10, 100.1, 1, 100.2, 1).quote(11, 100.2, 1, 100.3, 1).quote(12, 100.5, 1, 100.6, 1);
  EXPECT_EQ(session.fills(), (Lines{"11.3 O-1 buy 1 @ 100.3 taker"}));
  // A nanosecond later it is the third.
  Session later;
  later.with.exchange.order_latency.value = Duration{1'300'001};
  later.book(0).at(10, market_order(1, Side::Buy, 1));
  later.quote(10, 100.1, 1, 100.2, 1).quote(11, 100.2, 1, 100.3, 1).quote(12, 100.5, 1, 100.6, 1);
  EXPECT_EQ(later.fills(), (Lines{"12.3 O-1 buy 1 @ 100.6 taker"}));
}

TEST(Nautilus1221Latency, IsAsLongAsTheMarketIsSilent) {
  Session session;
  session.with.exchange.order_latency.value = Duration{1'000'000};
  session.book(0).at(10, market_order(1, Side::Buy, 1)).quote(5000, 100.5, 1, 100.6, 1);
  EXPECT_EQ(session.fills(), (Lines{"5000.3 O-1 buy 1 @ 100.6 taker"}));
}

// ---- 100 orders a second ----

TEST(Nautilus1221RateLimit, TheHundredAndFirstOrderOfASecondIsDenied) {
  const auto after_a_hundred = [](std::int64_t at) {
    Session session;
    for (std::int64_t t = 0; t <= 3000; t += 100) session.book(t);
    for (std::int64_t id = 1; id <= 100; ++id) session.at(10, market_order(id, Side::Buy, 1));
    session.at(at, market_order(101, Side::Buy, 1));
    const Lines fills = session.fills();
    EXPECT_EQ(fills.size(), session.outcome(101) == "filled" ? 101U : 100U);
    return session.outcome(101);
  };
  EXPECT_EQ(after_a_hundred(10), "rejected rate_limit");
  EXPECT_EQ(after_a_hundred(1009), "rejected rate_limit");
  EXPECT_EQ(after_a_hundred(1010), "filled");
}

TEST(Nautilus1221RateLimit, OnceItIsHitNothingPassesUntilItsTimerRings) {
  Session session;
  for (std::int64_t t = 0; t <= 3000; t += 100) session.book(t);
  for (std::int64_t id = 1; id <= 50; ++id) session.at(10, market_order(id, Side::Buy, 1));
  for (std::int64_t id = 51; id <= 101; ++id) session.at(20, market_order(id, Side::Buy, 1));
  // The timer is that of the oldest of the hundred: 10 + 1000. It rings ahead of the orders of that
  // instant, whose commands then wait for the next datum.
  session.at(1009, market_order(201, Side::Buy, 1)).at(1010, market_order(202, Side::Buy, 1));
  session.at(1011, market_order(203, Side::Buy, 1));
  const Lines fills = session.fills();
  ASSERT_EQ(fills.size(), 102U);
  EXPECT_EQ(session.outcome(101), "rejected rate_limit");
  EXPECT_EQ(session.outcome(201), "rejected rate_limit");
  EXPECT_EQ(fills[100], "1011 O-202 buy 1 @ 100.1 taker");
  EXPECT_EQ(fills[101], "1011 O-203 buy 1 @ 100.1 taker");
}

}  // namespace
}  // namespace toxvol::engine::test
