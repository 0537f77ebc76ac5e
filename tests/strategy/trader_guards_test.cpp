#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using testing::Bench;
using testing::long_row;
using testing::params;
using testing::post_only;
using testing::qty;
using testing::quiet_row;
using trading::Reason;

TEST(TraderGuards, NoEntryForTheCooldownAfterAGap) {
  Bench bench;
  bench.row(quiet_row(1));
  // Minutes 2 and 3 are missing: the gap ends where minute 4's bar opens, at 180 s.
  EXPECT_EQ(bench.reason(long_row(4)), Reason::Gap);
  for (std::int64_t minute = 5; minute < 33; ++minute) {
    EXPECT_EQ(bench.reason(long_row(minute)), Reason::Gap) << minute;
  }
  EXPECT_EQ(bench.reason(long_row(33)), Reason::EnterLong);  // 30 minutes after it
}

TEST(TraderGuards, AGapOfTheWarmupCounts) {
  Bench bench;
  bench.row(quiet_row(-3));
  bench.row(quiet_row(0));
  EXPECT_EQ(bench.reason(long_row(1)), Reason::Gap);
}

TEST(TraderGuards, AStaleTouchForbidsBeyondItsLimitWhereverThereAreTicks) {
  for (const bool quotes : {true, false}) {
    Bench bench{params(), {.trades = true, .quotes = quotes, .bars = true}};
    bench.touch_age = std::chrono::seconds{5} + Duration{1};
    EXPECT_EQ(bench.reason(long_row(1)), Reason::StaleQuote);
    EXPECT_TRUE(bench.sent.empty());
    bench.touch_age = std::chrono::seconds{5};
    EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
  }
}

TEST(TraderGuards, TheAgeOfTheLastCloseIsNotAsked) {
  Bench bench{params(), {.bars = true}};
  bench.touch_age = std::chrono::minutes{10};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::EnterLong);
}

TEST(TraderGuards, WithoutAnyPriceThereIsNoEntry) {
  Bench bench{params(), {.trades = true, .bars = true}};
  bench.touch_now.reset();
  EXPECT_EQ(bench.reason(long_row(1)), Reason::StaleQuote);
}

TEST(TraderGuards, TheyAreJudgedInTheirOrder) {
  StrategyParams given = post_only();
  given.size.max_qty = Qty{};
  given.entry.min_spread_ticks = 2;
  Bench bench{given};
  bench.touch_age = std::chrono::seconds{9};
  auto row = long_row(1);
  row.pressure.p = 0.0;
  EXPECT_EQ(bench.reason(row), Reason::WeakPressure);  // the signal comes first
  EXPECT_EQ(bench.reason(long_row(3)), Reason::Gap);   // a gap before it
  row = long_row(40);
  bench.row(quiet_row(39));
  EXPECT_EQ(bench.reason(row), Reason::Gap);
  for (std::int64_t minute = 41; minute < 75; ++minute) bench.row(quiet_row(minute));
  EXPECT_EQ(bench.reason(long_row(75)), Reason::StaleQuote);
  bench.touch_age = {};
  EXPECT_EQ(bench.reason(long_row(76)), Reason::Spread);
  bench.touch_now = testing::touch(500'000, 500'002);
  EXPECT_EQ(bench.reason(long_row(77)), Reason::Cap);
}

TEST(TraderGuards, LimitsBelowALotAreTheReasonCap) {
  StrategyParams given = params();
  given.size.max_qty = Qty{};
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::Cap);
  EXPECT_TRUE(bench.sent.empty());
}

TEST(TraderGuards, ATooSmallOrderIsTheReasonMinNotional) {
  StrategyParams given = params();
  given.size.max_qty = qty(1);
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::MinNotional);
  EXPECT_TRUE(bench.sent.empty());
}

}  // namespace
}  // namespace toxvol::strategy
