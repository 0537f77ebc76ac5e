#include "toxvol/factors/crowding.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/factors/crowding_records.hpp"
#include "tests/factors/real_data.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using test::at_ms;
using test::crowding;
using test::flat_bar;
using test::funding_excess;
using test::kAll;
using test::kHour;
using test::kMinuteMs;
using test::metrics;
using test::no_delay;
using test::params;
using test::rising_oi;
using test::settlement;

// Excess over 1 bp: 3, 4 and then 10 bp; RMS of 3 and 4 is √12.5 bp.
TEST(FundingZ, IsTheExcessOverTheBaselineOverItsRms) {
  FundingZ z{params(), ZParams{}};
  EXPECT_EQ(z.update(0.0004), std::nullopt);
  EXPECT_EQ(z.update(0.0005), std::nullopt);
  EXPECT_NEAR(z.update(0.0011).value(), 10.0 / std::sqrt(12.5), 1e-12);
}

TEST(FundingZ, IsZeroAtTheBaselineHoweverLongItStands) {
  FundingZ z{params(), ZParams{}};
  for (int i = 0; i < 200; ++i) z.update(0.0001);
  EXPECT_EQ(z.update(0.0001), 0.0);
  EXPECT_NEAR(z.update(0.00012).value(), 1.0, 1e-9);  // floor 2e-5
  EXPECT_EQ(z.update(0.01), 5.0);                     // clip
}

TEST(FundingZ, TakesTheMeanWhereAsked) {
  CrowdingParams p = params();
  p.funding_centre = FundingCentre::Mean;
  FundingZ z{p, ZParams{}};
  z.update(0.0001);
  z.update(0.0003);
  // Mean 2 bp, sd √2 bp.
  EXPECT_NEAR(z.update(0.0004).value(), 2.0 / std::sqrt(2.0), 1e-9);
}

TEST(FundingZ, ForgetsSettlementsBeyondItsWindow) {
  CrowdingParams p = params();
  p.funding_z_events = 2;
  FundingZ z{p, ZParams{}};
  z.update(0.0101);
  z.update(0.0004);
  z.update(0.0005);
  EXPECT_NEAR(z.update(0.0011).value(), 10.0 / std::sqrt(12.5), 1e-12);
}

// D10: the share of settlements at exactly 1 bp, 2020 to 2023, is .407. There z is 0.
TEST(FundingZ, IsZeroAtTwoFifthsOfTheRecordedSettlements) {
  FundingZ z{CrowdingParams{}, ZParams{}};
  int settlements = 0;
  int zeros = 0;
  for (int year = 2020; year <= 2023; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const std::string name =
          std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
      for (const Funding& f : test::recorded_funding(name)) {
        ++settlements;
        zeros += z.update(f.rate.to_double()).value_or(0.0) == 0.0 && f.rate.raw() == 10'000;
      }
    }
  }
  if (settlements == 0) GTEST_SKIP() << "no recorded data";
  EXPECT_EQ(settlements, 4383);
  EXPECT_NEAR(zeros / 4383.0, 0.407, 0.0005);
}

TEST(Crowding, ScalesFundingToEightHoursForTheZOnly) {
  Crowding c = crowding();
  for (std::int64_t h = 0; h <= 8; h += 4) c.on(settlement(h * kHour, 20'000, 4));
  const auto& values = c.update(flat_bar(8 * kHour + 1));
  EXPECT_EQ(values.funding, 0.0002);
  EXPECT_NEAR(values.fund_z.value(), 1.0, 1e-12);  // excess 3 bp over an RMS of 3 bp
}

// C2, both sides: 60 s after its stamp the record's ts_init + delay is 900 µs into the minute, the
// bar's ts_init 800 µs.
TEST(Crowding, CountsARecordOnlyAfterItsDelay) {
  Crowding c = crowding(params(), {.metrics_delay = kMinute, .funding_delay = kMinute});
  c.on(metrics(5, 100.0));
  c.on(settlement(5, 10'000));
  EXPECT_EQ(c.update(flat_bar(6)).oi, std::nullopt);
  EXPECT_EQ(c.update(flat_bar(7)).oi, 100.0);

  Crowding sooner = crowding(params(), {.metrics_delay = kMinute - Duration{100'001},
                                        .funding_delay = kMinute - Duration{150'000}});
  sooner.on(metrics(5, 100.0));
  sooner.on(settlement(5, 10'000));
  const auto& values = sooner.update(flat_bar(6));
  EXPECT_EQ(values.oi, 100.0);              // one ns before the bar
  EXPECT_EQ(values.funding, std::nullopt);  // the same ns as the bar: not before it
  EXPECT_EQ(sooner.update(flat_bar(7)).funding, 0.0001);
}

TEST(Crowding, DoesNotCountMetricsOfTheBarsOwnNanosecond) {
  Crowding c = crowding(params(), {.metrics_delay = kMinute - Duration{100'000}});
  c.on(metrics(5, 100.0));
  EXPECT_EQ(c.update(flat_bar(6)).oi, std::nullopt);
  EXPECT_EQ(c.update(flat_bar(7)).oi, 100.0);
}

TEST(Crowding, CountsARecordOfTheBarsDelayToo) {
  Crowding c = crowding(params(), {.metrics_delay = kMinute, .bar_delay = Duration{100'001}});
  c.on(metrics(5, 100.0));
  EXPECT_EQ(c.update(flat_bar(6)).oi, 100.0);
}

TEST(Crowding, ForgetsMetricsAfterHalfAnHour) {
  Crowding c = crowding();
  c.on(metrics(5, 100.0, 2.0));
  EXPECT_EQ(c.update(flat_bar(35)).oi, 100.0);
  const auto& values = c.update(flat_bar(36));
  EXPECT_EQ(values.oi, std::nullopt);
  EXPECT_EQ(values.ls, std::nullopt);
  EXPECT_EQ(values.tls, std::nullopt);
}

TEST(Crowding, ForgetsFundingAfterTwoIntervals) {
  Crowding c = crowding();
  c.on(settlement(0, 10'000, 4));
  EXPECT_EQ(c.update(flat_bar(8 * kHour)).funding, 0.0001);
  EXPECT_EQ(c.update(flat_bar(8 * kHour + 1)).funding, std::nullopt);
}

TEST(Crowding, TakesTheOiChangeFromTheLatestStampInItsTenMinutes) {
  const CrowdingParams p = params();  // 1 h
  Crowding c = crowding(p);
  c.on(metrics(0, 100.0));
  c.on(metrics(5, 110.0));
  c.on(metrics(65, 121.0));
  EXPECT_NEAR(c.update(flat_bar(66)).d_oi.value(), std::log(1.1), 1e-15);

  Crowding at_edge = crowding(p);
  at_edge.on(metrics(0, 100.0));
  at_edge.on(metrics(70, 110.0));  // exactly w + 10 min later
  EXPECT_NEAR(at_edge.update(flat_bar(71)).d_oi.value(), std::log(1.1), 1e-15);

  Crowding beyond = crowding(p);
  beyond.on(metrics(0, 100.0));
  beyond.on(metrics(71, 110.0));
  EXPECT_EQ(beyond.update(flat_bar(72)).d_oi, std::nullopt);

  Crowding too_near = crowding(p);
  too_near.on(metrics(1, 100.0));
  too_near.on(metrics(60, 110.0));
  EXPECT_EQ(too_near.update(flat_bar(61)).d_oi, std::nullopt);
}

TEST(Crowding, HasNoOiChangeFromOrToZero) {
  Crowding c = crowding();
  c.on(metrics(0, 0.0));
  c.on(metrics(60, 110.0));
  const auto& from = c.update(flat_bar(61));
  EXPECT_EQ(from.d_oi, std::nullopt);
  EXPECT_EQ(from.oi, 110.0);
  EXPECT_EQ(from.ls, 1.0);  // for that column only
  c.on(metrics(65, std::nullopt));
  EXPECT_EQ(c.update(flat_bar(66)).oi, std::nullopt);
}

TEST(Crowding, StandardisesAtStampsAndHoldsTheResult) {
  Crowding c = crowding();
  c.on(metrics(0, 100.0, std::exp(0.1)));
  c.on(metrics(5, 100.0, std::exp(0.3)));
  c.on(metrics(10, 100.0, std::exp(0.4)));
  // Prior logs .1 and .3: mean .2, sd √.02.
  const double expected = 0.2 / std::sqrt(0.02);
  EXPECT_NEAR(c.update(flat_bar(11)).z_ls.value(), expected, 1e-12);
  EXPECT_NEAR(c.update(flat_bar(12)).z_ls.value(), expected, 1e-12);
  EXPECT_NEAR(c.update(flat_bar(12 + 1)).ls.value(), std::exp(0.4), 1e-15);
}

TEST(Crowding, ReadsTheRatioThatIsAskedFor) {
  CrowdingParams p = params();
  p.ls = LsRatio::ToptraderSum;
  Crowding c = crowding(p);
  c.on(metrics(5, 100.0, 1.5));
  const auto& values = c.update(flat_bar(6));
  EXPECT_EQ(values.ls, 3.0);
  EXPECT_EQ(values.tls, 1.5);
}

TEST(Crowding, IgnoresASecondRecordOfOneStamp) {
  Crowding c = crowding();
  c.on(metrics(5, 100.0));
  c.on(metrics(5, 200.0));
  EXPECT_EQ(c.update(flat_bar(6)).oi, 100.0);
}

double c_of(DOiSign rule, std::int64_t last_funding_e8, double last_ls, std::int64_t last_close) {
  CrowdingParams p = params();
  p.d_oi_sign = rule;
  p.weights = {0, 1, 0, 0};
  Crowding c = crowding(p);
  funding_excess(c, last_funding_e8);
  rising_oi(c, last_ls);
  for (std::int64_t minute = 61; minute <= 120; ++minute) c.update(flat_bar(minute));
  Bar bar = flat_bar(121);
  bar.close = Price::from_raw(last_close * Price::kOne);
  return c.update(bar).c.value_or(-99.0);
}

TEST(Crowding, SignsTheOiChangeByTheRuleThatIsAskedFor) {
  EXPECT_EQ(c_of(DOiSign::Funding, 30'000, 1.0, 100), 5.0);
  EXPECT_EQ(c_of(DOiSign::Funding, -30'000, 1.0, 100), -5.0);
  EXPECT_EQ(c_of(DOiSign::Funding, 10'000, 1.0, 100), 0.0);  // s = 0 keeps the part
  EXPECT_EQ(c_of(DOiSign::Ls, -30'000, 1.1, 100), 5.0);
  EXPECT_EQ(c_of(DOiSign::Ls, 30'000, 0.9, 100), -5.0);
  EXPECT_EQ(c_of(DOiSign::Return, -30'000, 0.9, 101), 5.0);
  EXPECT_EQ(c_of(DOiSign::Return, 30'000, 1.1, 99), -5.0);
  EXPECT_EQ(c_of(DOiSign::Return, 30'000, 1.1, 100), 0.0);
  EXPECT_EQ(c_of(DOiSign::Document, -30'000, 0.9, 99), 5.0);
}

TEST(Crowding, HasNoReturnSignWithoutTheBarExactlyThatMuchEarlier) {
  CrowdingParams p = params();
  p.d_oi_sign = DOiSign::Return;
  p.weights = {0, 1, 0, 0};
  Crowding c = crowding(p);
  funding_excess(c, 30'000);
  rising_oi(c, 1.0);
  c.update(flat_bar(60));
  c.update(flat_bar(62));
  EXPECT_EQ(c.update(flat_bar(121)).c, std::nullopt);  // minute 61 has no bar
  EXPECT_FALSE(c.update(flat_bar(121 + 2)).is_known);
}

TEST(Crowding, SumsThePartsThatExist) {
  const CrowdingParams p = params();
  Crowding c = crowding(p);
  funding_excess(c, 70'000);  // excess 6 bp over an RMS of 2 bp: z = 3
  c.on(metrics(-600, 100.0));
  c.on(metrics(0, {}, {}));  // known, and blank
  EXPECT_NEAR(c.update(flat_bar(1)).c.value(), 3.0, 1e-12);
  rising_oi(c, 1.0);
  EXPECT_NEAR(c.update(flat_bar(121)).c.value(), (3.0 + 5.0 + 0.0) / std::sqrt(3.0), 1e-12);
}

TEST(Crowding, IsNeutralAndWithoutCWhereFundingIsNoInput) {
  Inputs inputs = kAll;
  inputs.funding = false;
  CrowdingParams p = params();
  p.d_oi_sign = DOiSign::Document;
  Crowding c = crowding(p, no_delay(), inputs);
  rising_oi(c, 5.0);
  const auto& values = c.update(flat_bar(121));
  EXPECT_EQ(values.c, std::nullopt);
  EXPECT_EQ(values.regime, Regime::Neutral);
  EXPECT_TRUE(values.is_known);
  EXPECT_EQ(values.z_d_oi, 5.0);
}

// C9: records are there, but too few for any z: the regime stays what it is.
TEST(Crowding, DoesNotMoveWhileNoPartIsKnown) {
  Crowding c = crowding();
  c.on(settlement(0, 70'000));
  c.on(metrics(0, 100.0));
  const auto& values = c.update(flat_bar(1));
  EXPECT_EQ(values.c, std::nullopt);
  EXPECT_FALSE(values.is_known);
  EXPECT_EQ(values.regime, Regime::Neutral);
}

// N2: overdue from beyond the limit: 15 min of the stamp; an hour more than the interval.
TEST(Crowding, ARecordOlderThanItsLimitIsOverdue) {
  Crowding c = crowding();
  EXPECT_TRUE(c.update(flat_bar(-1)).metrics_overdue);  // none known yet
  EXPECT_TRUE(c.update(flat_bar(0)).funding_overdue);
  c.on(metrics(0, 100.0));
  c.on(settlement(0, 10'000));
  EXPECT_FALSE(c.update(flat_bar(15)).metrics_overdue);
  EXPECT_TRUE(c.update(flat_bar(16)).metrics_overdue);
  EXPECT_FALSE(c.update(flat_bar(9 * kHour)).funding_overdue);
  EXPECT_TRUE(c.update(flat_bar(9 * kHour + 1)).funding_overdue);
}

TEST(Crowding, TheLimitsAreThoseThatAreAskedFor) {
  Crowding c = crowding(params(), no_delay(), kAll,
                        {.metrics = std::chrono::minutes{5}, .funding = std::chrono::hours{1}});
  c.on(metrics(0, 100.0));
  c.on(settlement(0, 10'000));
  EXPECT_FALSE(c.update(flat_bar(5)).metrics_overdue);
  EXPECT_TRUE(c.update(flat_bar(6)).metrics_overdue);
  EXPECT_FALSE(c.update(flat_bar(60)).funding_overdue);
  EXPECT_TRUE(c.update(flat_bar(61)).funding_overdue);
}

// N3: funding alone is left of C's parts, so that nothing is known of the crowd.
TEST(Crowding, TheRegimeIsUnknownWhileAPartIsOverdueAndKeptMeanwhile) {
  CrowdingParams p = params();
  p.min_dwell = std::chrono::minutes{20};
  Crowding c = crowding(p);
  funding_excess(c, 70'000);
  c.on(metrics(0, 100.0));
  EXPECT_EQ(c.update(flat_bar(15)).regime, Regime::CrowdedLong);
  const auto& gone = c.update(flat_bar(16));
  EXPECT_EQ(gone.regime, std::nullopt);
  EXPECT_EQ(gone.c, std::nullopt);
  EXPECT_EQ(gone.fund_z, 3.0);
  c.on(metrics(30, 100.0));
  EXPECT_EQ(c.update(flat_bar(31)).regime, Regime::CrowdedLong);
}

// C7: without funding nobody knows which way the change of open interest points.
TEST(Crowding, FundingIsMissedWhereItSignsTheOiChange) {
  CrowdingParams p = params();
  p.weights = {0, 1, 1, 0};
  for (const bool signs : {true, false}) {
    p.d_oi_sign = signs ? DOiSign::Funding : DOiSign::Document;
    EXPECT_EQ(crowding_kinds(p).funding, signs);
    Crowding c = crowding(p);
    c.on(settlement(-10 * kHour, 70'000));
    c.on(metrics(0, 100.0));
    const auto& values = c.update(flat_bar(1));
    EXPECT_TRUE(values.funding_overdue);
    EXPECT_EQ(values.regime.has_value(), !signs);
  }
}

TEST(Crowding, APartWithoutWeightIsNotMissed) {
  CrowdingParams p = params();
  p.weights = {1, 0, 0, 0};
  Crowding c = crowding(p);
  funding_excess(c, 70'000);
  const auto& values = c.update(flat_bar(1));
  EXPECT_TRUE(values.metrics_overdue);
  EXPECT_EQ(values.regime, Regime::CrowdedLong);
}

// N9: the stamp of another scale is no record: metrics become overdue.
TEST(Crowding, DoesNotLookAtOpenInterestOfAnotherScale) {
  Crowding c = crowding();
  c.on(metrics(0, 31'900.0));
  c.on(metrics(5, 100.0, 2.0));
  EXPECT_EQ(c.update(flat_bar(6)).oi, 31'900.0);
  EXPECT_EQ(c.update(flat_bar(7)).ls, 1.0);
  EXPECT_TRUE(c.update(flat_bar(16)).metrics_overdue);
}

}  // namespace
}  // namespace toxvol::factors
