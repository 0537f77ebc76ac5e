
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/trading/enums.hpp"

/// The ten rules in which NautilusTrader 1.221 and 1.231 differ, side by side (docs/parity.md). The
/// book is bid 100.0 × 2, ask 100.1 × 3 unless said otherwise.
namespace toxvol::engine::test {
namespace {

using trading::TimeInForce;

Session in_1_221(bool trade_execution = false) {
  return Session{trade_execution, Profile::Nautilus1221};
}
Session in_1_231(bool trade_execution = false) {
  return Session{trade_execution, Profile::Nautilus1231};
}

TEST(NautilusRules, RestingOrdersAreMatchedAgainAfterCommands) {
  // A buy of 5 at the ask takes 3 and rests with 2, which meet the same 3 again: at once, or at the
  // next quote.
  const auto play = [](Session session) {
    return session.book(0).at(1, limit_order(1, Side::Buy, 100.1, 5)).book(2).fills();
  };
  EXPECT_EQ(play(in_1_221()), (Lines{"1 O-1 buy 3 @ 100.1 taker", "2.3 O-1 buy 2 @ 100.1 maker"}));
  EXPECT_EQ(play(in_1_231()), (Lines{"1 O-1 buy 3 @ 100.1 taker", "1 O-1 buy 2 @ 100.1 maker"}));
  // Any command that is due does it, a cancel of another order too.
  const auto cancels = [](Session session) {
    session.book(0).at(1, limit_order(1, Side::Buy, 90.0, 1));
    session.at(1, limit_order(2, Side::Buy, 100.1, 9)).at(2, cancel(1)).book(3);
    return session.fills().size();
  };
  EXPECT_EQ(cancels(in_1_221()), 2U);  // at 1, and at the quote of 3
  EXPECT_EQ(cancels(in_1_231()), 3U);  // at 1 twice, and at 2
}

TEST(NautilusRules, AMarketOrderPaysTheBooksPriceOrTheCores) {
  // O-1 is filled through at 100.0 and leaves the core's ask there; the book's is 99.9.
  const auto play = [](Session session) {
    session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 1)).quote(2, 99.8, 2, 99.9, 9);
    return session.at(3, market_order(2, Side::Buy, 1)).book(4).fills();
  };
  EXPECT_EQ(play(in_1_221()), (Lines{"2.3 O-1 buy 1 @ 100 maker", "3 O-2 buy 1 @ 100 taker"}));
  EXPECT_EQ(play(in_1_231()), (Lines{"2.3 O-1 buy 1 @ 100 maker", "3 O-2 buy 1 @ 99.9 taker"}));
}

TEST(NautilusRules, WithTradeExecutionASellersTradeFillsBuysOrABuyersDoes) {
  const auto play = [](Session session, Side aggressor) {
    session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, aggressor, 100.0, 4);
    return session.book(3).fills();
  };
  const Lines filled{"2 O-1 buy 4 @ 100 maker"};
  EXPECT_EQ(play(in_1_221(true), Side::Buy), filled);
  EXPECT_EQ(play(in_1_221(true), Side::Sell), Lines{});
  EXPECT_EQ(play(in_1_231(true), Side::Buy), Lines{});
  EXPECT_EQ(play(in_1_231(true), Side::Sell), filled);
  const auto sells = [](Session session, Side aggressor) {
    session.book(0).at(1, limit_order(1, Side::Sell, 100.1, 5)).trade(2, aggressor, 100.1, 4);
    return session.book(3).fills();
  };
  EXPECT_EQ(sells(in_1_231(true), Side::Buy), (Lines{"2 O-1 sell 4 @ 100.1 maker"}));
  EXPECT_EQ(sells(in_1_231(true), Side::Sell), Lines{});
}

TEST(NautilusRules, WithoutTradeExecutionATradeFillsNobodyOrWhoeverItReaches) {
  const auto play = [](Session session) {
    session.book(0).at(1, limit_order(1, Side::Buy, 100.0, 5)).trade(2, Side::Sell, 100.0, 4);
    return session.book(3).fills();
  };
  EXPECT_EQ(play(in_1_221()), (Lines{"2 O-1 buy 4 @ 100 maker"}));
  EXPECT_EQ(play(in_1_231()), Lines{});
  // Book and core do move there: a market order after it finds the trade's price and size.
  Session after = in_1_231();
  after.book(0).trade(1, Side::Sell, 99.7, 4).at(2, market_order(1, Side::Buy, 5)).book(3);
  EXPECT_EQ(after.fills(), (Lines{"2 O-1 buy 4 @ 99.7 taker", "2 O-1 buy 1 @ 99.8 taker"}));
}

TEST(NautilusRules, ABarsQuarterIsCutToLotsAndTheCloseHasTheRest) {
  // What an IOC order finds after a bar: the size at its last price, close or low.
  const auto sizes = [](Session session, double close, double volume) {
    session.bar(60'000, 100.0, 100.1, 100.0, close, volume);
    session.at(60'001, with_tif(market_order(1, Side::Buy, 9), TimeInForce::Ioc));
    session.bar(120'000, 100.0, 100.0, 100.0, 100.0, volume);
    static_cast<void>(session.fills());
    return session.tape.fills.at(0).qty.to_double();
  };
  // A quarter of 0.006 is 0.0015: rounded to 0.002, or cut to 0.001 with 0.003 left for the close.
  EXPECT_EQ(sizes(in_1_221(), 100.1, 0.006), 0.002);
  EXPECT_EQ(sizes(in_1_231(), 100.1, 0.006), 0.003);
  EXPECT_EQ(sizes(in_1_221(), 100.0, 0.006), 0.002);
  EXPECT_EQ(sizes(in_1_231(), 100.0, 0.006), 0.001);  // the low, at which it closes
  EXPECT_EQ(sizes(in_1_231(), 100.0, 8.0), 2.0);
  EXPECT_EQ(sizes(in_1_231(), 100.0, 0.0), 0.001);
}

TEST(NautilusRules, CommissionIsTheExactProductOrThatOfDoubles) {
  const auto fee = [](std::int64_t raw) { return ExactFee{raw}; };
  // 7e-5 · 0.0005 is 3.5 units of 1e-8; as doubles 3.4999999999999996.
  EXPECT_EQ(NautilusLedger::commission(price(0.07), qty(0.001), fee(500'000)).raw(), 3);
  EXPECT_EQ(NautilusLedger::decimal_commission(price(0.07), qty(0.001), fee(500'000)).raw(), 4);
  // Nine tenths of 0.00012345 have nine decimals: 34743.3934 · 0.000111105 = 3.860164723707. Cut
  // to eight they would give 3.85999101, rounded 3.86033844.
  EXPECT_EQ(NautilusLedger::decimal_commission(price(28155.1), qty(1.234), fee(111'105)).raw(),
            386'016'472);
  // A rebate, and a product beyond 64 bits: 9e9 · 0.3 = 2.7e9, 2.7e26 units of 1e-17.
  EXPECT_EQ(NautilusLedger::decimal_commission(price(0.07), qty(0.001), fee(-500'000)).raw(), -4);
  EXPECT_EQ(NautilusLedger::decimal_commission(price(90'000), qty(100'000), fee(300'000'000)).raw(),
            270'000'000'000'000'000);
}

TEST(NautilusRules, ReduceOnlyHoldsForAllOfAPassOrItsFirstFill) {
  // Position 2, order 5, bid size 2.
  const auto gap = [](Session& session) {
    session.book(0).at(1, market_order(1, Side::Buy, 2));
    session.at(1, reduce_only(market_order(2, Side::Sell, 5))).book(2);
    static_cast<void>(session.fills());
    return session.position();
  };
  Session turned = in_1_221();
  EXPECT_EQ(gap(turned), -3.0);
  Session kept = in_1_231();
  EXPECT_EQ(gap(kept), 0.0);
  EXPECT_EQ(kept.outcome(2), "filled");
  EXPECT_EQ(kept.tape.order(2).filled_qty, qty(2));
  // Position 3; 2 of 5 are filled, 1 is left of the position. Where 1.221 aborts, that 1 fills.
  const auto less = [](Session session) {
    session.book(0).at(1, market_order(1, Side::Buy, 3));
    session.at(1, reduce_only(limit_order(2, Side::Sell, 100.5, 5)));
    return session.quote(2, 100.5, 2, 100.6, 9).quote(3, 100.5, 2, 100.6, 9).fills();
  };
  EXPECT_THROW(static_cast<void>(less(in_1_221())), Error);
  EXPECT_EQ(less(in_1_231()), (Lines{"1 O-1 buy 3 @ 100.1 taker", "2.3 O-2 sell 2 @ 100.5 maker",
                                     "3.3 O-2 sell 1 @ 100.5 maker"}));
}

TEST(NautilusRules, AfterATradeThePassiveSideIsTheQuotesAgain) {
  // A seller's trade at 99.9 lowers the ask for its own pass only: a post-only buy at 100.0 is no
  // taker then, and meets the book, which is the trade, in the pass after the command.
  const auto play = [](Session session, Lines& fills) {
    session.book(0).trade(1, Side::Sell, 99.9, 4).at(2, post_only(1, Side::Buy, 100.0, 1)).book(3);
    fills = session.fills();
    return session.outcome(1);
  };
  Lines fills;
  EXPECT_EQ(play(in_1_221(true), fills), "open 0");
  EXPECT_EQ(fills, Lines{});
  EXPECT_EQ(play(in_1_231(true), fills), "filled");
  EXPECT_EQ(fills, Lines{"2 O-1 buy 1 @ 100 maker"});
}

TEST(NautilusRules, ATradeFillsItsSizeWhereTheBookIsElsewhere) {
  // The core's bid is 100.0, the book after the buyer's trade 99.9: of the sell at 100.0 the
  // trade's 4 are filled, at its limit.
  const auto play = [](Session session) {
    session.book(0).at(1, limit_order(1, Side::Sell, 100.0, 9)).trade(2, Side::Buy, 99.9, 4);
    return session.fills();
  };
  EXPECT_EQ(play(in_1_221(true)), (Lines{"1 O-1 sell 2 @ 100 taker"}));
  EXPECT_EQ(play(in_1_231(true)), (Lines{"1 O-1 sell 2 @ 100 taker", "1 O-1 sell 2 @ 100 maker",
                                         "2 O-1 sell 4 @ 100 maker"}));
}

TEST(NautilusRules, AnInstantsTimersSettleTheVenueAfterAllOrAfterTheFirstOfThem) {
  // The 101st order hits the limit, whose timer is at 10 + 1000 ms; O-202 is sent then.
  const auto play = [](Session session) {
    for (std::int64_t t = 0; t <= 3000; t += 100) session.book(t);
    for (std::int64_t id = 1; id <= 50; ++id) session.at(10, market_order(id, Side::Buy, 1));
    for (std::int64_t id = 51; id <= 101; ++id) session.at(20, market_order(id, Side::Buy, 1));
    session.at(1010, market_order(202, Side::Buy, 1)).at(1011, market_order(203, Side::Buy, 1));
    const Lines fills = session.fills();
    return fills.at(100) + ", " + fills.at(101);
  };
  EXPECT_EQ(play(in_1_221()), "1011 O-202 buy 1 @ 100.1 taker, 1011 O-203 buy 1 @ 100.1 taker");
  EXPECT_EQ(play(in_1_231()), "1010 O-202 buy 1 @ 100.1 taker, 1011 O-203 buy 1 @ 100.1 taker");
  // A cancel that is due before that timer is carried out by it, in both.
  for (const Profile profile : {Profile::Nautilus1221, Profile::Nautilus1231}) {
    Session session{false, profile};
    session.with.exchange.order_latency.value = Duration{5'000'000};
    for (std::int64_t t = 0; t <= 3000; t += 100) session.book(t);
    session.at(10, limit_order(1, Side::Buy, 90.0, 1));
    for (std::int64_t id = 2; id <= 101; ++id) session.at(20, market_order(id, Side::Buy, 1));
    session.at(1002, cancel(1));
    static_cast<void>(session.fills());
    EXPECT_EQ(session.tape.order(1).ts_done, ms(1010));
  }
}

}  // namespace
}  // namespace toxvol::engine::test
