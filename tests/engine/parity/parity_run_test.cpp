#include <chrono>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

/// A bar's `KlineFlowData` are a datum of their own in NautilusTrader, one nanosecond before the
/// bar: commands that are due are carried out then.
namespace toxvol::engine::test {
namespace {

/// The `ts_init` of the minute that `Session::bar(60'000, …)` ends.
const Timestamp kBar = ms(60'000) + Duration{800'000};

struct After20Ms : Session {
  After20Ms() { with.exchange.order_latency.value = std::chrono::milliseconds{20}; }
};

/// A MARKET order that is due at `due`; the last tick is at 59 999.3 ms.
std::vector<Told> told_of_an_order_due(Timestamp due) {
  After20Ms session;
  session.book(0).book(59'999).bar(60'000, 100.0, 100.0, 100.0, 100.0, 8).book(61'000);
  session.player.at(due - std::chrono::milliseconds{20}, market_order(1, Side::Buy, 1));
  EXPECT_EQ(session.fills().size(), 1U);
  std::vector<Told> told;
  for (const Told& one : session.player.told) {
    if (one.what == "fill" || one.what == "row") told.push_back(one);
  }
  return told;
}

TEST(Nautilus1221Flow, ACommandDueBetweenTheLastTickAndTheBarActsOneNanosecondBeforeTheBar) {
  for (const Timestamp due : {ms(59'999) + Duration{300'001}, kBar - Duration{1}}) {
    const auto told = told_of_an_order_due(due);
    EXPECT_EQ(told.at(0).what, "fill");
    EXPECT_EQ(told.at(0).seen, kBar - Duration{1});
    EXPECT_EQ(told.at(1).what, "row");  // which the strategy decides on knowing the fill
    EXPECT_EQ(told.at(1).seen, kBar);
  }
}

TEST(Nautilus1221Flow, ACommandDueAtTheTickOrAtTheBarActsThere) {
  const auto tick = told_of_an_order_due(ms(59'999) + Duration{300'000});
  EXPECT_EQ(tick.at(0).what, "fill");
  EXPECT_EQ(tick.at(0).seen, ms(59'999) + Duration{300'000});
  const auto bar = told_of_an_order_due(kBar);
  EXPECT_EQ(bar.at(0).what, "row");
  EXPECT_EQ(bar.at(1).what, "fill");
  EXPECT_EQ(bar.at(1).seen, kBar);
}

TEST(Nautilus1221Flow, WithBarsOnlyAnOrderMeetsTheMarketThatTheBarBeforeLeft) {
  After20Ms session;
  session.bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
  session.at(60'001, market_order(1, Side::Buy, 1)).at(60'001, limit_order(2, Side::Buy, 99.0, 1));
  session.bar(120'000, 105.0, 105.0, 98.0, 98.0, 8);
  // The limit order rests when the bar begins, and is passed by its low.
  EXPECT_EQ(session.fills(),
            (Lines{"120000.8 O-1 buy 1 @ 100 taker", "120000.8 O-2 buy 1 @ 99 maker"}));
  EXPECT_EQ(session.tape.fills[0].ts, ms(120'000) + Duration{799'999});
  EXPECT_EQ(session.tape.fills[1].ts, ms(120'000) + Duration{800'000});
  EXPECT_EQ(session.tape.order(2).ts_accepted, ms(120'000) + Duration{799'999});
}

TEST(Nautilus1221Flow, EveryBarHasItsOwn) {
  After20Ms session;
  for (std::int64_t minute = 1; minute <= 3; ++minute) {
    session.bar(60'000 * minute, 100.0, 100.0, 100.0, 100.0, 8);
    session.at(60'000 * minute + 1, market_order(minute, Side::Buy, 1));
  }
  static_cast<void>(session.fills());
  ASSERT_EQ(session.tape.fills.size(), 2U);  // nothing comes after the third bar
  EXPECT_EQ(session.tape.fills[0].ts, ms(120'000) + Duration{799'999});
  EXPECT_EQ(session.tape.fills[1].ts, ms(180'000) + Duration{799'999});
}

TEST(Nautilus1221Flow, OfTheClosingBarFindsTheExchangeClosed) {
  After20Ms session;
  session.with.to = ms(60'000);
  session.book(0).bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
  session.at(59'970, market_order(1, Side::Buy, 1));  // due before the end, but nothing comes
  EXPECT_EQ(session.fills(), Lines{});
  EXPECT_EQ(session.outcome(1), "open 0");
}

/// N4 is the realistic exchange's; what its order has seen is what the venue takes.
TEST(Nautilus1221Flow, AQuoteOfAnyAgeIsTakenAndRecorded) {
  Session session;
  session.book(0).at(50'000, market_order(1, Side::Buy, 1));
  session.bar(60'000, 100.0, 100.0, 100.0, 100.0, 8);
  ASSERT_EQ(session.fills().size(), 1U);
  EXPECT_EQ(session.tape.fills[0].price, price(100.1));
  EXPECT_EQ(session.tape.order(1).ask, price(100.1));
}

}  // namespace
}  // namespace toxvol::engine::test
