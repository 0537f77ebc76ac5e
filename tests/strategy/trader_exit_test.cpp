#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/strategy/exits.hpp"
#include "tests/strategy/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::at_s;
using testing::Bench;
using testing::expect_exit;
using testing::in_regime;
using testing::kDeadline;
using testing::kLongStop;
using testing::kLongTarget;
using testing::kShortStop;
using testing::kShortTarget;
using testing::long_row;
using testing::params;
using testing::px;
using testing::qty;
using testing::quiet_row;
using testing::short_row;
using testing::usdt;
using trading::Reason;
using trading::Role;
using trading::Submit;
using trading::TriggerKind;

TEST(TraderExit, LevelsComeFromTheAverageFillPrice) {
  Bench bench;
  EXPECT_FALSE(bench.trader.stop());
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  EXPECT_FALSE(bench.trader.stop());
  bench.fill(entry, at_s(61), 500'001, qty(206), false);
  EXPECT_EQ(bench.trader.stop(), px(kLongStop));
  bench.fill(entry, at_s(61), 510'001, qty(1'000), true);
  // Average 50 829.28656…: distance 243.98058, stop 50 585.30598, target 51 195.25743.
  EXPECT_EQ(bench.trader.stop(), px(505'853));
  EXPECT_EQ(bench.trader.take_profit(), px(511'953));
}

TEST(TraderExit, ALongStopsAtABidAtOrBelowTheStop) {
  Bench bench;
  bench.open_long();
  EXPECT_EQ(bench.trader.wake().bid_at_most, px(kLongStop));
  EXPECT_EQ(bench.trader.wake().trade_at_most, px(kLongStop));
  EXPECT_EQ(bench.trader.wake().bid_at_least, px(kLongTarget));
  EXPECT_FALSE(bench.trader.wake().ask_at_least);
  EXPECT_EQ(bench.trader.wake().at, kDeadline);
  bench.quote(at_s(70), kLongStop + 1, kLongStop + 2);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(at_s(71), kLongStop, kLongStop + 1);
  expect_exit(bench, Role::Stop, Side::Sell, qty(1'206));
  EXPECT_EQ(bench.submit().intent.trigger_kind, TriggerKind::Bid);
  EXPECT_EQ(bench.submit().intent.trigger_price, px(kLongStop));
  EXPECT_EQ(bench.submit().intent.trigger_ts, at_s(71));
}

TEST(TraderExit, ALongStopsAtATradeAtOrBelowTheStop) {
  Bench bench;
  bench.open_long();
  bench.trade(at_s(70), kLongStop + 1);
  EXPECT_TRUE(bench.sent.empty());
  bench.trade(at_s(71), kLongStop);
  expect_exit(bench, Role::Stop, Side::Sell, qty(1'206));
  EXPECT_EQ(bench.submit().intent.trigger_kind, TriggerKind::Trade);
}

TEST(TraderExit, ALongTakesProfitAtABidNotAtATrade) {
  Bench bench;
  bench.open_long();
  bench.trade(at_s(70), kLongTarget + 100);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(at_s(70), kLongTarget - 1, kLongTarget);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(at_s(71), kLongTarget, kLongTarget + 1);
  expect_exit(bench, Role::TakeProfit, Side::Sell, qty(1'206));
  EXPECT_EQ(bench.submit().intent.trigger_kind, TriggerKind::Bid);
}

TEST(TraderExit, AShortMirrors) {
  const auto opened = [] {
    Bench bench;
    bench.open_short();
    return bench;
  };
  Bench bench = opened();
  EXPECT_EQ(bench.trader.stop(), px(kShortStop));
  EXPECT_EQ(bench.trader.take_profit(), px(kShortTarget));
  EXPECT_EQ(bench.trader.wake().ask_at_least, px(kShortStop));
  EXPECT_EQ(bench.trader.wake().trade_at_least, px(kShortStop));
  EXPECT_EQ(bench.trader.wake().ask_at_most, px(kShortTarget));
  bench.quote(at_s(70), kShortStop - 2, kShortStop - 1);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(at_s(71), kShortStop - 1, kShortStop);
  expect_exit(bench, Role::Stop, Side::Buy, qty(1'206));
  EXPECT_EQ(bench.submit().intent.trigger_kind, TriggerKind::Ask);

  bench = opened();
  bench.trade(at_s(70), kShortStop - 1);
  EXPECT_TRUE(bench.sent.empty());
  bench.trade(at_s(70), kShortStop);
  expect_exit(bench, Role::Stop, Side::Buy, qty(1'206));

  bench = opened();
  bench.quote(at_s(70), kShortTarget, kShortTarget + 1);
  EXPECT_TRUE(bench.sent.empty());
  bench.quote(at_s(70), kShortTarget - 1, kShortTarget);
  expect_exit(bench, Role::TakeProfit, Side::Buy, qty(1'206));
}

TEST(TraderExit, OfStopAndTargetInOneEventTheStopActs) {
  StrategyParams given = params();
  given.exit.k_stop = 0.0;  // both levels are the entry price
  Bench bench{given};
  bench.open_long();
  ASSERT_EQ(bench.trader.stop(), bench.trader.take_profit());
  bench.quote(at_s(70), 500'001, 500'002);
  expect_exit(bench, Role::Stop, Side::Sell, bench.trader.position());
}

TEST(TraderExit, ARowDoesNotHitALevel) {
  Bench bench;
  bench.open_long();
  bench.touch_now = testing::touch(kLongStop - 100, kLongStop);
  bench.row(quiet_row(2));
  EXPECT_TRUE(bench.sent.empty());
}

TEST(TraderExit, NothingIsSentTwiceAndTheWayIsFreeAfterwards) {
  Bench bench;
  bench.open_long();
  bench.quote(at_s(70), kLongStop, kLongStop + 1);
  const Submit exit = bench.submit();
  EXPECT_FALSE(bench.trader.wake().bid_at_most);
  EXPECT_FALSE(bench.trader.wake().at);
  bench.quote(at_s(71), kLongStop - 50, kLongStop - 49);
  EXPECT_TRUE(bench.sent.empty());
  EXPECT_EQ(bench.reason(long_row(2)), Reason::InPosition);
  bench.fill(exit, at_s(121), kLongStop);
  EXPECT_FALSE(bench.trader.stop());
  EXPECT_FALSE(bench.trader.take_profit());
  bench.touch_now = testing::touch(500'000, 500'001);
  EXPECT_EQ(bench.reason(long_row(3)), Reason::EnterLong);
}

TEST(TraderExit, ARejectedExitIsSentAgainAtTheNextDatumThatStillSatisfiesIt) {
  Bench bench;
  bench.open_long();
  bench.quote(at_s(70), kLongStop, kLongStop + 1);
  bench.reject(bench.submit(), at_s(71));
  EXPECT_EQ(bench.trader.wake().bid_at_most, px(kLongStop));
  bench.quote(at_s(72), kLongStop + 1, kLongStop + 2);  // no longer
  EXPECT_TRUE(bench.sent.empty());
  bench.trade(at_s(73), kLongStop);
  expect_exit(bench, Role::Stop, Side::Sell, qty(1'206));
  EXPECT_EQ(bench.submit().id, trading::OrderId{3});
}

TEST(TraderExit, ThePositionIsHeldNoLongerThanAllowed) {
  for (const int kind : {0, 1, 2}) {
    const auto see = [kind](Bench& bench, Timestamp ts) {
      if (kind == 0) bench.quote(ts, 500'000, 500'001);
      if (kind == 1) bench.trade(ts, 500'000);
      if (kind == 2) {
        auto row = quiet_row(0);
        row.ts = ts;
        row.ts_init = ts - std::chrono::milliseconds{10};
        bench.row(row);
      }
    };
    Bench bench;
    bench.open_long();
    see(bench, kDeadline - Duration{1});
    EXPECT_TRUE(bench.sent.empty()) << kind;
    see(bench, kDeadline);
    expect_exit(bench, Role::TimeStop, Side::Sell, qty(1'206));
    EXPECT_EQ(bench.submit().intent.trigger_kind, TriggerKind::Time);
    EXPECT_EQ(bench.submit().intent.trigger_ts, kDeadline);
    EXPECT_FALSE(bench.submit().intent.trigger_price);
  }
}

TEST(TraderExit, TheClockRunsFromTheFirstFill) {
  Bench bench;
  bench.row(long_row(1));
  const Submit entry = bench.submit();
  bench.fill(entry, at_s(61), 500'001, qty(100), false);
  bench.fill(entry, at_s(80), 500'001, qty(1'106), true);
  EXPECT_EQ(bench.trader.wake().at, at_s(61) + std::chrono::minutes{30});
}

// --- Flips, opposite pressure -----------------------------------------------------------------

TEST(TraderExit, AChangedRegimeFlattensAndDoesNotReverse) {
  Bench bench;
  bench.open_long();
  bench.row(quiet_row(2));
  EXPECT_TRUE(bench.sent.empty());
  auto row = in_regime(short_row(3), Regime::CrowdedLong);  // signals short
  EXPECT_EQ(bench.reason(row), Reason::RegimeExit);
  expect_exit(bench, Role::Flip, Side::Sell, qty(1'206));
}

TEST(TraderExit, AFlipActsBetweenDecisionsToo) {
  Bench bench;
  bench.open_long();
  auto row = in_regime(quiet_row(2), Regime::CrowdedShort);
  row.decides = false;
  EXPECT_EQ(bench.reason(row), Reason::NotBoundary);
  expect_exit(bench, Role::Flip, Side::Sell, qty(1'206));
}

// N3: the position is managed as before; what the regime became while unknown then counts.
TEST(TraderExit, AnUnknownRegimeIsNoFlip) {
  Bench bench;
  bench.open_long();
  factors::FactorRow row = quiet_row(2);
  row.crowding.regime.reset();
  bench.row(row);
  EXPECT_TRUE(bench.sent.empty());
  bench.row(in_regime(quiet_row(3), Regime::CrowdedLong));
  expect_exit(bench, Role::Flip, Side::Sell, qty(1'206));
}

TEST(TraderExit, ARejectedFlipIsTriedAgainAtTheNextRow) {
  Bench bench;
  bench.open_long();
  bench.row(in_regime(quiet_row(2), Regime::CrowdedShort));
  bench.reject(bench.submit(), at_s(121));
  bench.quote(at_s(122), 500'000, 500'001);
  EXPECT_TRUE(bench.sent.empty());
  bench.row(in_regime(quiet_row(3), Regime::CrowdedShort));
  expect_exit(bench, Role::Flip, Side::Sell, qty(1'206));
}

TEST(TraderExit, AReducingFlipKeepsItsShareAndActsOnceAChange) {
  StrategyParams given = params();
  given.guards.on_flip_keep = 0.25;
  Bench bench{given};
  bench.open_long();
  bench.row(in_regime(quiet_row(2), Regime::CrowdedLong));
  expect_exit(bench, Role::Flip, Side::Sell, qty(905));  // keeps ⌊301.5⌋ lots
  bench.fill(bench.submit(), at_s(121), 500'000);
  EXPECT_EQ(bench.trader.position(), qty(301));
  EXPECT_EQ(bench.trader.stop(), px(kLongStop));
  bench.row(in_regime(quiet_row(3), Regime::CrowdedLong));
  EXPECT_TRUE(bench.sent.empty());
  bench.row(in_regime(quiet_row(4), Regime::Neutral));
  expect_exit(bench, Role::Flip, Side::Sell, qty(226));  // keeps ⌊75.25⌋
}

TEST(TraderExit, OppositePressureLeavesAtTheThresholdOfAnEntry) {
  StrategyParams given = params();
  given.exit.opposite_pressure = true;
  Bench bench{given};
  bench.open_long();
  auto row = quiet_row(2);
  row.pressure.p = -1.1999;
  bench.row(row);
  EXPECT_TRUE(bench.sent.empty());
  row = quiet_row(3);
  row.pressure.p = 5.0;
  bench.row(row);
  EXPECT_TRUE(bench.sent.empty());
  row = quiet_row(4);
  row.pressure.p = -1.2;
  row.decides = false;
  bench.row(row);
  EXPECT_TRUE(bench.sent.empty());
  row = quiet_row(5);
  row.pressure.p = -1.2;
  bench.row(row);
  expect_exit(bench, Role::Opposite, Side::Sell, qty(1'206));
}

TEST(TraderExit, OppositePressureIsOffByDefault) {
  Bench bench;
  bench.open_long();
  bench.row(short_row(2));
  EXPECT_TRUE(bench.sent.empty());
}

// --- Daily loss -------------------------------------------------------------------------------

TEST(TraderExit, TheDailyLossFlattensAtTheRowThatShowsIt) {
  Bench bench;
  bench.open_long();
  // 2 % of 100 000 on 1.206: a fall of 1 658.3748 from 50 000.1, to a mid of 48 341.7252.
  bench.touch_now = testing::touch(483'417, 483'418);  // 48 341.75: loss 1 999.970
  bench.row(quiet_row(2));
  EXPECT_TRUE(bench.sent.empty());
  bench.touch_now = testing::touch(483'416, 483'417);  // 48 341.65: loss 2 000.0907
  EXPECT_EQ(bench.reason(long_row(3)), Reason::DailyLoss);
  expect_exit(bench, Role::Guard, Side::Sell, qty(1'206));
}

TEST(TraderExit, ALossShownByAFillForbidsEntriesUntilTheNextUtcDay) {
  StrategyParams given = params();
  given.guards.daily_loss_bp = 10;  // 100 USDT
  const auto lose = [&](Money fee) {
    Bench bench{given};
    bench.open_long();
    bench.quote(at_s(70), kLongStop, kLongStop + 1);
    bench.fill(bench.submit(), at_s(70), 500'001, qty(1'206), true, fee);
    bench.touch_now = testing::touch(500'000, 500'001);
    return bench;
  };
  EXPECT_EQ(lose(usdt(100) - Money::from_raw(1)).reason(long_row(2)), Reason::EnterLong);
  Bench bench = lose(usdt(100));
  for (std::int64_t minute = 2; minute < 1'440; ++minute) {
    ASSERT_EQ(bench.reason(long_row(minute)), Reason::DailyLoss) << minute;
  }
  EXPECT_EQ(bench.reason(long_row(1'440)), Reason::EnterLong);
}

TEST(TraderExit, ALossShownByAnEntrysFillFlattensAtTheNextDatum) {
  Bench bench;
  bench.row(long_row(1));
  bench.fill(bench.submit(), at_s(61), 500'001, qty(1'206), true, usdt(2'000));
  EXPECT_LE(bench.trader.wake().at, at_s(61) + std::chrono::milliseconds{10});
  bench.trade(at_s(62), 500'000);
  expect_exit(bench, Role::Guard, Side::Sell, qty(1'206));
}

TEST(TraderExit, WithoutALimitNoLossIsJudged) {
  StrategyParams given = params();
  given.guards.daily_loss_bp.reset();
  Bench bench{given};
  EXPECT_EQ(bench.reason(long_row(1)), Reason::EnterLong);
}

TEST(TraderExit, FundingCountsInTheDailyLossOnceItIsKnown) {
  StrategyParams given = params();
  given.guards.daily_loss_bp = 10;
  Bench bench{given};
  bench.open_long();
  bench.funding(at_s(120), 180'000);  // 0.18 % of 60 300 = 108.5
  bench.row(quiet_row(2));
  EXPECT_TRUE(bench.sent.empty());
  bench.row(quiet_row(3));  // seen at 180.0108 s; known from 180.00095 s on
  expect_exit(bench, Role::Guard, Side::Sell, qty(1'206));
}

}  // namespace
}  // namespace toxvol::strategy
