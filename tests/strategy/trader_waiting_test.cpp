// Entries that the exchange cannot fill at once: without a price (N4), and on bars (N6).
#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::long_row;
using testing::params;
using testing::px;
using testing::quiet_row;
using trading::Reason;
using trading::Role;
using trading::Submit;

// An order that waits at the exchange for a price (N4) is one that is accepted and not filled.
TEST(TraderWaiting, AMarketEntryThatWaitsIsTakenBackWhenItsTimeIsUp) {
  Bench bench;
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  EXPECT_FALSE(bench.trader.wake().at);  // not known to wait
  const Timestamp up = at_s(90) + std::chrono::microseconds{10'800};
  bench.trade(up, 500'000);
  EXPECT_TRUE(bench.sent.empty());
  bench.accept(entry, at_s(61));
  EXPECT_EQ(bench.trader.wake().at, up);
  bench.trade(up - Duration{1}, 500'000);
  bench.quote(up - Duration{1}, 500'020, 500'021);  // it has no price to follow the touch with
  EXPECT_TRUE(bench.sent.empty());
  bench.trade(up, 500'000);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
  bench.trade(up + kMillisecond, 500'000);  // once
  EXPECT_TRUE(bench.sent.empty());
  bench.canceled(entry, at_s(91));
  EXPECT_EQ(bench.reason(long_row(2)), Reason::EnterLong);
}

TEST(TraderWaiting, ARegimeChangeTakesBackAMarketEntryThatWaits) {
  StrategyParams given = params();
  given.entry.give_up_after = std::chrono::minutes{5};
  Bench bench{given};
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.accept(entry, at_s(61));
  auto row = quiet_row(2);
  row.crowding.regime = Regime::CrowdedLong;
  bench.row(row);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.canceled_id(), entry.id);
}

TEST(TraderWaiting, AnExitThatWaitsIsTheOnlyOneUntilItIsRefused) {
  Bench bench;
  bench.open_long();
  bench.trade(at_s(70), 497'600);  // the stop
  const Submit exit = bench.submit();
  EXPECT_EQ(exit.intent.role, Role::Stop);
  bench.accept(exit, at_s(70));
  bench.trade(at_s(200), 490'000);
  EXPECT_TRUE(bench.sent.empty());
  bench.row(quiet_row(60));  // past max_hold
  EXPECT_TRUE(bench.sent.empty());
  bench.reject(exit, at_s(4'000));
  bench.trade(at_s(4'000), 490'000);
  ASSERT_EQ(bench.sent.size(), 1U);
  EXPECT_EQ(bench.submit().intent.role, Role::Stop);
}

TEST(TraderOnBars, APostOnlyEntryStaysForABarWhateverItsLimits) {
  const auto canceled_at = [](Duration give_up) {
    StrategyParams given = params();
    given.entry.order = EntryOrder::PostOnly;
    given.entry.give_up_after = give_up;
    given.entry.reprice_after = {};
    Bench bench{given, {.bars = true}};
    bench.touch_now = testing::touch(500'000, 500'000);
    bench.row(long_row(1));
    bench.accept(bench.submit(), at_s(61));
    for (std::int64_t minute = 2;; ++minute) {
      bench.row(quiet_row(minute));
      if (!bench.sent.empty()) return minute;
    }
  };
  EXPECT_EQ(canceled_at(std::chrono::seconds{30}), 2);
  EXPECT_EQ(canceled_at(std::chrono::minutes{1}), 2);
  EXPECT_EQ(canceled_at(std::chrono::minutes{1} + Duration{1}), 3);
}

TEST(TraderOnBars, APostOnlyEntryFollowsTheCloseEachMinute) {
  StrategyParams given = params();
  given.entry.order = EntryOrder::PostOnly;
  given.entry.give_up_after = std::chrono::minutes{5};
  Bench bench{given, {.bars = true}};
  bench.touch_now = testing::touch(500'000, 500'000);
  bench.row(long_row(1));
  const Submit first = bench.submit();
  bench.accept(first, at_s(61));
  // A datum before the minute is over leaves it, though reprice_after is 5 s.
  bench.quote(at_s(75), 500'010, 500'010);
  EXPECT_TRUE(bench.sent.empty());
  bench.touch_now = testing::touch(500'010, 500'010);
  bench.row(quiet_row(2));
  ASSERT_EQ(bench.sent.size(), 2U);
  EXPECT_EQ(bench.submit(1).price, px(500'010));
}

}  // namespace
}  // namespace toxvol::strategy
