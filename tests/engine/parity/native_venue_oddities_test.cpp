#include <cmath>
#include <cstdint>
#include <utility>

#include <gtest/gtest.h>

#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/trading/enums.hpp"

/// Where NautilusTrader 1.221 does what nobody would expect, each verified by running it.
namespace toxvol::engine::test {
namespace {

using trading::TimeInForce;

// ---- a trade overwrites both sides of the book ----

TEST(Nautilus1221Trades, WithoutTradeExecutionRestingOrdersMatchAtTheTradesPrice) {
  for (const Side aggressor : {Side::Buy, Side::Sell}) {
    Session session;
    session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, aggressor, 100.0, 4);
    EXPECT_EQ(session.book(3).fills(), (Lines{"2 O-1 buy 4 @ 100 maker"}));
    Session above;
    above.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, aggressor, 100.1, 4);
    EXPECT_EQ(above.book(3).fills(), Lines{});
    Session below;
    below.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, aggressor, 99.9, 4);
    EXPECT_EQ(below.book(3).fills(), (Lines{"2 O-1 buy 4 @ 100 maker", "2 O-1 buy 1 @ 100 maker"}));
    Session sell;
    sell.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5)).trade(2, aggressor, 100.1, 4);
    EXPECT_EQ(sell.book(3).fills(), (Lines{"2 O-1 sell 4 @ 100.1 maker"}));
  }
}

TEST(Nautilus1221Trades, WithTradeExecutionABuyersTradeFillsBuysAndASellersFillsSells) {
  Session seller{true};
  seller.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, Side::Sell, 100.0, 4);
  EXPECT_EQ(seller.book(3).fills(), Lines{});
  Session buyer{true};
  buyer.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, Side::Buy, 100.0, 4);
  EXPECT_EQ(buyer.book(3).fills(), (Lines{"2 O-1 buy 4 @ 100 maker"}));
  Session buyer_above{true};
  buyer_above.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, Side::Buy, 100.1, 4);
  EXPECT_EQ(buyer_above.book(3).fills(), Lines{});

  Session lifted{true};
  lifted.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5)).trade(2, Side::Buy, 100.1, 4);
  EXPECT_EQ(lifted.book(3).fills(), Lines{});
  Session hit{true};
  hit.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5)).trade(2, Side::Sell, 100.1, 4);
  EXPECT_EQ(hit.book(3).fills(), (Lines{"2 O-1 sell 4 @ 100.1 maker"}));
}

TEST(Nautilus1221Trades, WithTradeExecutionATradeBeyondTheOtherSideDragsIt) {
  // A buyer's trade below the bid moves the bid down too, until the next quote; above it does not.
  Session below{true};
  below.book(0).trade(1, Side::Buy, 99.9, 9).at(2, market_order(1, Side::Sell, 1)).book(3);
  EXPECT_EQ(below.fills(), (Lines{"2 O-1 sell 1 @ 99.9 taker"}));
  Session at_bid{true};
  at_bid.book(0).trade(1, Side::Buy, 100.1, 9).at(2, market_order(1, Side::Sell, 1)).book(3);
  EXPECT_EQ(at_bid.fills(), (Lines{"2 O-1 sell 1 @ 100 taker"}));
  // A seller's above the ask moves the ask up.
  Session above{true};
  above.book(0).trade(1, Side::Sell, 100.2, 9).at(2, market_order(1, Side::Buy, 1)).book(3);
  EXPECT_EQ(above.fills(), (Lines{"2 O-1 buy 1 @ 100.2 taker"}));
}

TEST(Nautilus1221Trades, UntilTheNextQuoteMarketOrdersFillAtTheTradesPriceAndSize) {
  Session off;
  off.book(0).trade(1, Side::Sell, 100.0, 4);
  off.at(2, market_order(1, Side::Buy, 5)).at(2, market_order(2, Side::Sell, 5));
  off.book(3).at(4, market_order(3, Side::Buy, 1)).book(5);
  EXPECT_EQ(off.fills(), (Lines{"2 O-1 buy 4 @ 100 taker", "2 O-1 buy 1 @ 100.1 taker",
                                "2 O-2 sell 4 @ 100 taker", "2 O-2 sell 1 @ 99.9 taker",
                                "4 O-3 buy 1 @ 100.1 taker"}));
  // With trade execution at the prices of before, but still against the trade's size.
  Session on{true};
  on.book(0).trade(1, Side::Sell, 100.0, 4);
  on.at(2, market_order(1, Side::Buy, 5)).at(2, market_order(2, Side::Sell, 5)).book(3);
  EXPECT_EQ(on.fills(), (Lines{"2 O-1 buy 4 @ 100.1 taker", "2 O-1 buy 1 @ 100.2 taker",
                               "2 O-2 sell 4 @ 100 taker", "2 O-2 sell 1 @ 99.9 taker"}));
}

// ---- a side without size ----

TEST(Nautilus1221EmptySide, AMarketOrderIsRejectedAndTheOtherSideTrades) {
  Session session;
  session.quote(0, 100.0, 2, 100.1, 0).at(1, market_order(1, Side::Buy, 1)).book(2);
  session.quote(3, 100.0, 2, 100.1, 0).at(4, market_order(2, Side::Buy, 1));
  session.at(4, market_order(3, Side::Sell, 1)).book(5);
  EXPECT_EQ(session.fills(), (Lines{"4 O-3 sell 1 @ 100 taker"}));
  EXPECT_EQ(session.outcome(1), "rejected no_quote");  // an ask was never known
  EXPECT_EQ(session.outcome(2), "rejected no_quote");  // it was, and is gone
}

TEST(Nautilus1221EmptySide, ALimitIsMatchedByThePriceOfBeforeAndFindsNothing) {
  Session session;
  session.book(0).quote(1, 100.0, 2, 100.1, 0);
  session.at(2, post_only(1, Side::Buy, 100.1, 1))
      .at(2, limit_order(2, Side::Buy, 100.1, 1))
      .at(2, with_tif(limit_order(3, Side::Buy, 100.1, 1), TimeInForce::Ioc))
      .at(2, with_tif(limit_order(4, Side::Buy, 100.1, 1), TimeInForce::Fok));
  session.book(3);
  // The IOC order rests, and fills as a maker.
  EXPECT_EQ(session.fills(), (Lines{"3.3 O-2 buy 1 @ 100.1 maker", "3.3 O-3 buy 1 @ 100.1 maker"}));
  EXPECT_EQ(session.outcome(1), "rejected post_only");
  EXPECT_EQ(session.outcome(4), "canceled 0");
}

// ---- reduce-only ----

TEST(Nautilus1221ReduceOnly, ItsRemainderTurnsThePosition) {
  // Position 2, order 5, bid size 2: the first fill is no more than the position, and so not cut.
  Session gap;
  gap.book(0).at(1, market_order(1, Side::Buy, 2));
  gap.at(1, reduce_only(market_order(2, Side::Sell, 5))).book(2);
  EXPECT_EQ(gap.fills(), (Lines{"1 O-1 buy 2 @ 100.1 taker", "1 O-2 sell 2 @ 100 taker",
                                "1 O-2 sell 3 @ 99.9 taker"}));
  EXPECT_EQ(gap.position(), -3.0);
}

TEST(Nautilus1221ReduceOnly, ItIsCutWhereTheTopIsMoreThanThePosition) {
  for (const double top : {2.001, 20.0}) {
    Session cut;
    cut.quote(0, 100.0, top, 100.1, 3).at(1, market_order(1, Side::Buy, 2));
    cut.at(1, reduce_only(market_order(2, Side::Sell, 5))).book(2);
    EXPECT_EQ(cut.fills(), (Lines{"1 O-1 buy 2 @ 100.1 taker", "1 O-2 sell 2 @ 100 taker"}));
    EXPECT_EQ(cut.position(), 0.0);
    EXPECT_EQ(cut.outcome(2), "filled");
  }
}

TEST(Nautilus1221ReduceOnly, ALimitThatIsPassedTurnsThePositionToo) {
  Session session;
  session.book(0).at(1, market_order(1, Side::Buy, 2));
  session.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 5))).quote(2, 100.6, 1, 100.7, 1);
  EXPECT_EQ(session.fills(), (Lines{"1 O-1 buy 2 @ 100.1 taker", "2.3 O-2 sell 1 @ 100.5 maker",
                                    "2.3 O-2 sell 4 @ 100.5 maker"}));
  EXPECT_EQ(session.position(), -3.0);
  Session cut;
  cut.book(0).at(1, market_order(1, Side::Buy, 2));
  cut.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 5))).quote(2, 100.6, 3, 100.7, 1);
  EXPECT_EQ(cut.fills(), (Lines{"1 O-1 buy 2 @ 100.1 taker", "2.3 O-2 sell 2 @ 100.5 maker"}));
}

TEST(Nautilus1221ReduceOnly, ItNeedsAPositionOfTheOtherSide) {
  Session flat;
  flat.book(0).at(1, reduce_only(market_order(1, Side::Sell, 1)));
  flat.at(2, market_order(2, Side::Buy, 1)).at(2, reduce_only(market_order(3, Side::Buy, 1)));
  flat.at(3, reduce_only(market_order(4, Side::Sell, 1))).book(4);
  EXPECT_EQ(flat.fills(), (Lines{"2 O-2 buy 1 @ 100.1 taker", "3 O-4 sell 1 @ 100 taker"}));
  EXPECT_EQ(flat.outcome(1), "rejected reduce_only");
  EXPECT_EQ(flat.outcome(3), "rejected reduce_only");
}

TEST(Nautilus1221ReduceOnly, OneThatRestsIsCanceledWhenItWouldFillWithoutAPosition) {
  Session session;
  session.book(0).at(1, market_order(1, Side::Buy, 2));
  session.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 2)))
      .at(2, market_order(3, Side::Sell, 2));
  session.quote(3, 100.4, 9, 100.5, 9);
  session.quote(4, 100.5, 9, 100.6, 9);
  EXPECT_EQ(session.fills().size(), 2U);
  EXPECT_EQ(session.outcome(2), "canceled 0");
  EXPECT_EQ(*session.tape.order(2).ts_done, ms(4) + Duration{300'000});  // not at 3: not touched
}

TEST(Nautilus1221ReduceOnly, ItIsRefusedWhereNautilusTradersProcessWouldDie) {
  // Position 3; 2 of 5 are filled, 1 is left of the position: less than what is filled.
  Session session;
  session.book(0).at(1, market_order(1, Side::Buy, 3));
  session.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 5)));
  session.quote(2, 100.5, 2, 100.6, 9).quote(3, 100.5, 2, 100.6, 9);
  EXPECT_THROW(static_cast<void>(session.fills()), Error);
  // Position 4: 2 are left of it, as many as are filled: nothing more of it can fill.
  Session equal;
  equal.book(0).at(1, market_order(1, Side::Buy, 4));
  equal.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 7)));
  equal.quote(2, 100.5, 2, 100.6, 9).quote(3, 100.5, 2.5, 100.6, 9);
  EXPECT_EQ(equal.fills().size(), 3U);
  EXPECT_EQ(equal.position(), 2.0);
}

// ---- the market moves with an order that is passed ----

TEST(Nautilus1221Core, StaysAtALimitThatWasPassedWhenNothingElseRests) {
  // The ask is 99.9, and the market order pays 100.0.
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 1)).quote(2, 99.8, 2, 99.9, 9);
  session.at(3, market_order(2, Side::Buy, 1));
  session.at(3, with_tif(limit_order(3, Side::Buy, 99.9, 1), TimeInForce::Ioc));
  session.quote(4, 99.8, 2, 99.9, 9).at(5, market_order(4, Side::Buy, 1)).book(6);
  EXPECT_EQ(session.fills(), (Lines{"2.3 O-1 buy 1 @ 100 maker", "3 O-2 buy 1 @ 100 taker",
                                    "5 O-4 buy 1 @ 99.9 taker"}));
  EXPECT_EQ(session.outcome(3), "canceled 0");  // 99.9 does not reach the core's 100.0
}

TEST(Nautilus1221Core, ComesBackWhenAnotherOrderRests) {
  for (const auto& [side, at_price] : {std::pair{Side::Buy, 90.0}, std::pair{Side::Sell, 110.0}}) {
    Session session;
    session.book(0)
        .at(1, limit_order(1, Side::Buy, 100.0, 1))
        .at(1, limit_order(9, side, at_price, 1));
    session.quote(2, 99.8, 2, 99.9, 9).at(3, market_order(2, Side::Buy, 1)).book(4);
    EXPECT_EQ(session.fills(), (Lines{"2.3 O-1 buy 1 @ 100 maker", "3 O-2 buy 1 @ 99.9 taker"}));
  }
}

TEST(Nautilus1221Core, StaysWhereItIsWhenALimitIsTouched) {
  Session session;
  session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 1)).quote(2, 99.9, 2, 100.0, 9);
  session.at(3, market_order(2, Side::Buy, 1)).at(3, market_order(3, Side::Sell, 1)).book(4);
  EXPECT_EQ(session.fills(), (Lines{"2.3 O-1 buy 1 @ 100 maker", "3 O-2 buy 1 @ 100 taker",
                                    "3 O-3 sell 1 @ 99.9 taker"}));
}

// ---- the sort key has 64 bits ----

// 922.3 · 1e16 is below 2^63 = 9223372036854775808, 922.4 · 1e16 is above: it wraps to a negative
// number. Of two sells the smaller key is first; the second is out of reach where the first one's
// limit is below it.
TEST(Nautilus1221SortKey, OrdersByPriceBelowTheWrap) {
  Session session;
  session.quote(0, 921.0, 2, 921.5, 3);
  session.at(1, limit_order(1, Side::Sell, 922.3, 1)).at(1, limit_order(2, Side::Sell, 922.2, 1));
  session.quote(2, 950.0, 9, 950.1, 9).quote(3, 950.0, 9, 950.1, 9);
  EXPECT_EQ(session.fills(),
            (Lines{"2.3 O-2 sell 1 @ 922.2 maker", "3.3 O-1 sell 1 @ 922.3 maker"}));
}

TEST(Nautilus1221SortKey, PutsAPriceAboveTheWrapBeforeOneBelow) {
  Session session;
  session.quote(0, 921.0, 2, 921.5, 3);
  session.at(1, limit_order(1, Side::Sell, 922.3, 1)).at(1, limit_order(2, Side::Sell, 922.4, 1));
  session.quote(2, 950.0, 9, 950.1, 9).quote(3, 950.0, 9, 950.1, 9);
  EXPECT_EQ(session.fills(),
            (Lines{"2.3 O-2 sell 1 @ 922.4 maker", "2.3 O-1 sell 1 @ 922.3 maker"}));
  // Buys: the greater key is first, so 922.3 before 922.4, which 922.3's fill leaves in reach.
  Session buy;
  buy.quote(0, 925.0, 2, 925.5, 3);
  buy.at(1, limit_order(1, Side::Buy, 922.4, 1)).at(1, limit_order(2, Side::Buy, 922.3, 1));
  EXPECT_EQ(buy.quote(2, 910.0, 9, 910.1, 9).fills(),
            (Lines{"2.3 O-2 buy 1 @ 922.3 maker", "2.3 O-1 buy 1 @ 922.4 maker"}));
}

TEST(Nautilus1221SortKey, WrapsAgainAHalfPeriodLater) {
  // 3 · 2^63 / 1e16 = 2767.011…: 2767.0 is the greatest key of its period, 2767.1 the smallest.
  Session session;
  session.quote(0, 2766.0, 2, 2766.1, 3);
  session.at(1, limit_order(1, Side::Sell, 2767.0, 1)).at(1, limit_order(2, Side::Sell, 2767.1, 1));
  session.quote(2, 2800.0, 9, 2800.1, 9);
  EXPECT_EQ(session.fills(),
            (Lines{"2.3 O-2 sell 1 @ 2767.1 maker", "2.3 O-1 sell 1 @ 2767 maker"}));
}

// ---- without quotes and trades a bar is four trades of a quarter of its volume ----

TEST(Nautilus1221Bars, AMarketOrderFillsAtTheCloseAndTheRestOneTickWorse) {
  Session session;
  session.bar(60'000, 100.0, 100.5, 99.5, 100.2, 8).at(60'001, market_order(1, Side::Buy, 5));
  session.at(60'001, market_order(2, Side::Sell, 2)).bar(120'000, 100.2, 100.2, 100.2, 100.2, 8);
  EXPECT_EQ(session.fills(),
            (Lines{"60001 O-1 buy 2 @ 100.2 taker", "60001 O-1 buy 3 @ 100.3 taker",
                   "60001 O-2 sell 2 @ 100.2 taker"}));
}

TEST(Nautilus1221Bars, OpenHighLowAndCloseAreLookedAtInThisOrder) {
  Session session;
  session.bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
  session.at(60'001, limit_order(1, Side::Buy, 99.5, 5))
      .at(60'001, limit_order(2, Side::Sell, 100.5, 5));
  session.bar(120'000, 100.0, 100.5, 99.5, 100.0, 8);
  EXPECT_EQ(session.fills(),
            (Lines{"120000.8 O-2 sell 2 @ 100.5 maker", "120000.8 O-1 buy 2 @ 99.5 maker"}));
  Session passed;
  passed.bar(60'000, 100.0, 100.0, 100.0, 100.0, 8).at(60'001, limit_order(1, Side::Buy, 99.5, 5));
  passed.bar(120'000, 100.0, 100.5, 99.4, 100.0, 8);
  EXPECT_EQ(passed.fills(),
            (Lines{"120000.8 O-1 buy 2 @ 99.5 maker", "120000.8 O-1 buy 3 @ 99.5 maker"}));
}

TEST(Nautilus1221Bars, APriceThatIsTheLastOneIsNotLookedAtAgain) {
  // The order rests at the last price with 3 left. The second bar stays there; the third and the
  // fourth leave it and come back to their low, at which they also close.
  Session session;
  session.bar(60'000, 100.2, 100.2, 100.2, 100.2, 8)
      .at(60'001, limit_order(1, Side::Buy, 100.2, 5));
  session.bar(120'000, 100.2, 100.2, 100.2, 100.2, 8);
  session.bar(180'000, 100.2, 100.3, 100.2, 100.2, 4);
  session.bar(240'000, 100.3, 100.4, 100.2, 100.2, 2);
  EXPECT_EQ(session.fills(),
            (Lines{"60001 O-1 buy 2 @ 100.2 taker", "180000.8 O-1 buy 1 @ 100.2 maker",
                   "240000.8 O-1 buy 0.5 @ 100.2 maker"}));
}

TEST(Nautilus1221Bars, TheQuarterIsRoundedToTheLotAndAtLeastOne) {
  const auto quarter = [](double volume) {
    Session session;
    session.bar(60'000, 100.0, 100.0, 100.0, 100.0, volume);
    session.at(60'001, with_tif(market_order(1, Side::Buy, 1), TimeInForce::Ioc));
    session.bar(120'000, 100.0, 100.0, 100.0, 100.0, volume);
    const Lines fills = session.fills();
    return fills.size() == 1 ? session.tape.fills[0].qty.to_double() : 0.0;
  };
  EXPECT_EQ(quarter(0.0), 0.001);
  EXPECT_EQ(quarter(0.005), 0.001);  // 0.00125
  EXPECT_EQ(quarter(0.006), 0.002);  // 0.0015, half away from zero
  EXPECT_EQ(quarter(0.012), 0.003);
}

// ---- data ----

TEST(Nautilus1221Data, WithMoreDecimalsThanTheInstrumentIsRefused) {
  Session fine;
  fine.quote(0, 100.0, 2, 100.1, 3.001);
  EXPECT_NO_THROW(static_cast<void>(fine.fills()));
  Session finer_price;
  finer_price.quote(0, 100.0, 2, 100.15, 3);
  EXPECT_THROW(static_cast<void>(finer_price.fills()), Error);
  Session finer_size;
  finer_size.book(0).trade(1, Side::Buy, 100.1, 0.0005);
  EXPECT_THROW(static_cast<void>(finer_size.fills()), Error);
}

// ---- commission ----

std::int64_t commission(double at_price, double size, double fee) {
  const ExactFee exact{std::llround(fee * static_cast<double>(ExactFee::kOne))};
  return NautilusLedger::commission(price(at_price), qty(size), exact).raw();
}

TEST(Nautilus1221Commission, IsRoundedHalfAwayFromZero) {
  // Notionals of 1e-5, 5e-5, 1.3e-4 at 5 bp: 0.5, 2.5, 6.5 units of 1e-8; half-even says 0, 2, 6.
  EXPECT_EQ(commission(0.01, 0.001, 0.0005), 1);
  EXPECT_EQ(commission(0.05, 0.001, 0.0005), 3);
  EXPECT_EQ(commission(0.13, 0.001, 0.0005), 7);
  EXPECT_EQ(commission(0.0099, 0.001, 0.0005), 0);  // 0.495
}

TEST(Nautilus1221Commission, IsComputedInDoubles) {
  // 7e-5 · 0.0005 · 1e8 is 3.5, as doubles 3.4999999999999996.
  EXPECT_EQ(commission(0.07, 0.001, 0.0005), 3);
}

TEST(Nautilus1221Commission, TakesTheNotionalRoundedTo1e8) {
  // 0.09 · 0.1061111 = 0.009549999, rounded 0.00955: 477.5 units; without it 477.49995.
  EXPECT_EQ(commission(0.1061111, 0.09, 0.0005), 478);
}

TEST(Nautilus1221Commission, IsTheMakersOrTheTakers) {
  Session session;
  session.book(0).at(1, market_order(1, Side::Buy, 2)).at(1, limit_order(2, Side::Sell, 100.3, 2));
  session.quote(2, 100.3, 2, 100.4, 3);
  ASSERT_EQ(session.fills().size(), 2U);
  EXPECT_EQ(session.tape.fills[0].fee, money(0.1001));                   // 200.2 · 5 bp
  EXPECT_EQ(session.tape.fills[1].fee, money(0.04012));                  // 200.6 · 2 bp
  EXPECT_EQ(session.tape.fills[1].balance_after, money(100'000.25978));  // + 0.4 − both
}

}  // namespace
}  // namespace toxvol::engine::test
