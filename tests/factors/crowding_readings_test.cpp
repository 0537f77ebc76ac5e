// Other readings of F3: E3's multiplier, E4's and E17's minute grids, E19's rule, M1's plain sum.
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/crowding_records.hpp"
#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using test::crowding;
using test::flat_bar;
using test::funding_excess;
using test::kAll;
using test::kHour;
using test::metrics;
using test::no_delay;
using test::params;
using test::rising_oi;
using test::settlement;

/// fund_z is 3 (6 bp over an RMS of 2 bp), z_ls 0; every prior d_oi is 0, so that its sd is the
/// floor of 1e-4.
Value multiplied(double last_oi, const std::array<double, 4>& weights) {
  CrowdingParams p = params();
  p.d_oi_sign = DOiSign::Multiplier;
  p.weights = weights;
  Crowding c = crowding(p);
  funding_excess(c, 70'000);
  rising_oi(c, 1.0, last_oi);
  return c.update(flat_bar(121)).c;
}

// E3: (3 + 0)/√2 is the sum of the others.
TEST(OiMultiplier, MultipliesTheOtherPartsByNoughtToTwo) {
  const double others = 3.0 / std::sqrt(2.0);
  const std::array<double, 4> weights{1, 1, 1, 0};
  EXPECT_NEAR(multiplied(200.0, weights).value(), 2.0 * others, 1e-12);  // z = 5, the clip
  EXPECT_NEAR(multiplied(100.0 * std::exp(1e-4), weights).value(), 1.2 * others, 1e-9);   // z = 1
  EXPECT_NEAR(multiplied(100.0 * std::exp(-1e-4), weights).value(), 0.8 * others, 1e-9);  // −1
  EXPECT_NEAR(multiplied(100.0, weights).value(), others, 1e-12);                         // 0
  EXPECT_EQ(multiplied(50.0, weights), 0.0);                                              // −5
}

TEST(OiMultiplier, IsNoFactorWithoutAWeightAndItsSizeDoesNotMatter) {
  EXPECT_NEAR(multiplied(200.0, {1, 0, 1, 0}).value(), 3.0 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(multiplied(200.0, {1, 7, 1, 0}).value(), 6.0 / std::sqrt(2.0), 1e-12);
}

TEST(OiMultiplier, IsOneWhereTheChangeIsNotKnownAndNothingWhereThePartsAreNot) {
  CrowdingParams p = params();
  p.d_oi_sign = DOiSign::Multiplier;
  Crowding c = crowding(p);
  funding_excess(c, 70'000);
  c.on(metrics(0, 100.0));
  const auto& values = c.update(flat_bar(1));
  EXPECT_EQ(values.z_d_oi, std::nullopt);
  EXPECT_EQ(values.c, 3.0);
  Crowding unknown = crowding(p);
  for (std::int64_t n = 0; n <= 120; n += 5) unknown.on(metrics(n, n < 120 ? 100 : 200, {}));
  unknown.on(settlement(0, 10'000));
  const auto& rising = unknown.update(flat_bar(121));
  EXPECT_EQ(rising.z_d_oi, 5.0);
  EXPECT_EQ(rising.c, std::nullopt);
}

TEST(OiMultiplier, AsksForMetricsAndForFundingOnlyWhereItHasAWeight) {
  CrowdingParams p = params();
  p.d_oi_sign = DOiSign::Multiplier;
  p.weights = {0, 1, 1, 0};
  EXPECT_TRUE(crowding_kinds(p).metrics);
  EXPECT_FALSE(crowding_kinds(p).funding);
  p.weights = {1, 1, 0, 0};
  EXPECT_TRUE(crowding_kinds(p).metrics);
}

CrowdingParams on_minutes() {
  CrowdingParams p = params();
  p.d_oi_grid = DOiGrid::Minutes;
  return p;
}

// E4: a stamp counts from the row after it on, as its ts_init is later than the bar's.
TEST(OiOnMinutes, ChangesFromRowToRow) {
  Crowding c = crowding(on_minutes());
  c.on(metrics(0, 100.0));
  c.on(metrics(5, 110.0));
  EXPECT_EQ(c.update(flat_bar(1)).d_oi, std::nullopt);  // nothing before
  for (std::int64_t n = 2; n <= 5; ++n) EXPECT_EQ(c.update(flat_bar(n)).d_oi, 0.0) << n;
  EXPECT_NEAR(c.update(flat_bar(6)).d_oi.value(), std::log(1.1), 1e-15);
  EXPECT_EQ(c.update(flat_bar(7)).d_oi, 0.0);
  EXPECT_EQ(c.update(flat_bar(9)).d_oi, std::nullopt);  // minute 8 has no row
  EXPECT_EQ(c.update(flat_bar(10)).d_oi, 0.0);
}

TEST(OiOnMinutes, IsEmptyWhereEitherRowDoesNotKnow) {
  Crowding c = crowding(on_minutes());
  c.on(metrics(0, 100.0));
  for (std::int64_t n = 1; n <= 30; ++n) c.update(flat_bar(n));
  c.on(metrics(31, 110.0));
  EXPECT_EQ(c.update(flat_bar(31)).d_oi, std::nullopt);  // older than half an hour
  const auto& again = c.update(flat_bar(32));
  EXPECT_EQ(again.oi, 110.0);
  EXPECT_EQ(again.d_oi, std::nullopt);  // not known a minute before
  EXPECT_EQ(c.update(flat_bar(33)).d_oi, 0.0);
  c.on(metrics(33, 0.0));
  EXPECT_EQ(c.update(flat_bar(34)).d_oi, std::nullopt);  // blank
}

// z_min_count of 2 stamps is 10 minutes.
TEST(OiOnMinutes, StandardisesOverMinuteRows) {
  Crowding c = crowding(on_minutes());
  c.on(metrics(0, 100.0));
  c.on(metrics(15, 100.0 * std::exp(2e-4)));
  for (std::int64_t n = 1; n <= 10; ++n) c.update(flat_bar(n));
  EXPECT_EQ(c.update(flat_bar(11)).z_d_oi, std::nullopt);  // nine before
  EXPECT_EQ(c.update(flat_bar(12)).z_d_oi, 0.0);           // ten
  for (std::int64_t n = 13; n <= 15; ++n) c.update(flat_bar(n));
  EXPECT_NEAR(c.update(flat_bar(16)).z_d_oi.value(), 2.0, 1e-9);  // floor 1e-4
  const double mean = 2e-4 / 15.0;                                // fourteen zeros and the jump
  EXPECT_NEAR(c.update(flat_bar(17)).z_d_oi.value(), -mean / 1e-4, 1e-9);
}

// E17: 1 bp for 480 minutes, 3 bp for 480, then 4 bp: mean 2 bp, sd √(960/959) bp.
TEST(FundingOnMinutes, IsTheZScoreOfTheRateOnEveryRow) {
  CrowdingParams p = params();
  p.funding_centre = FundingCentre::Minutes;
  Crowding c = crowding(p);
  c.on(settlement(0, 10'000));
  c.on(settlement(480, 15'000, 4));  // 3 bp in eight hours
  c.on(settlement(960, 40'000));
  Value z;
  for (std::int64_t n = 1; n <= 960; ++n) z = c.update(flat_bar(n)).fund_z;
  EXPECT_EQ(z, std::nullopt);  // two settlements are 960 minutes, of which 959 precede
  EXPECT_NEAR(c.update(flat_bar(961)).fund_z.value(), 2.0 / std::sqrt(960.0 / 959.0), 1e-9);
  EXPECT_LT(c.update(flat_bar(962)).fund_z.value(), 2.0);  // the same rate is no news any more
}

TEST(FundingOnMinutes, ForgetsMinutesBeyondItsWindow) {
  CrowdingParams p = params();
  p.funding_centre = FundingCentre::Minutes;
  p.funding_z_events = 2;
  FundingZ z{p, ZParams{}};
  EXPECT_EQ(z.update(0.0001), std::nullopt);  // a settlement alone says nothing
  z.update(test::minute(0), 0.0101);
  for (std::int64_t n = 1; n <= 960; ++n) z.update(test::minute(n), 0.0001);
  // Minute 0 is 961 old, so that the floor of 0.2 bp is the sd.
  EXPECT_NEAR(z.update(test::minute(961), 0.00012).value(), 1.0, 1e-9);
  EXPECT_EQ(z.update(test::minute(962), std::nullopt), std::nullopt);
}

TEST(FundingOnMinutes, IsEmptyOnceTheRateIsTooOld) {
  CrowdingParams p = params();
  p.funding_centre = FundingCentre::Minutes;
  Crowding c = crowding(p);
  c.on(settlement(0, 10'000));
  for (std::int64_t n = 1; n <= 960; ++n) c.update(flat_bar(n));
  const auto& old = c.update(flat_bar(961));  // 16 h and a minute
  EXPECT_EQ(old.funding, std::nullopt);
  EXPECT_EQ(old.fund_z, std::nullopt);
}

// E19 through the whole: c stays above 0, but funding has crossed.
TEST(CrowdingLeaves, WhenFundingCrossesWhereAsked) {
  CrowdingParams p = params();
  p.leave = CrowdingLeave::Funding;
  p.weights = {1, 0, 1, 0};
  for (const bool crosses : {true, false}) {
    Crowding c = crowding(p);
    c.on(settlement(-960, 30'000));
    c.on(settlement(-480, 30'000));
    c.on(settlement(0, 70'000));
    c.on(metrics(0, 100.0));
    EXPECT_EQ(c.update(flat_bar(1)).regime, Regime::CrowdedLong);
    c.on(settlement(5, crosses ? 9'000 : 11'000));  // an excess of ∓0.1 bp
    EXPECT_EQ(c.update(flat_bar(6)).regime, crosses ? Regime::Neutral : Regime::CrowdedLong);
  }
}

// The regime depends on funding then, even where it is no part of c.
TEST(CrowdingLeaves, MissesFundingThatItIsLeftBy) {
  CrowdingParams p = params();
  p.weights = {0, 0, 1, 0};
  EXPECT_FALSE(crowding_kinds(p).funding);
  p.leave = CrowdingLeave::Funding;
  EXPECT_TRUE(crowding_kinds(p).funding);
}

// M1: 3 + 5 + 0, and 2·3 + 5 + 0.
TEST(PlainSums, AreDividedByNothing) {
  for (const double weight : {1.0, 2.0}) {
    CrowdingParams p = params();
    p.weights = {weight, 1, 1, 0};
    ZParams z;
    z.scale = ZScale::Plain;
    Crowding c{p, z, no_delay(), LimitParams{}, kAll};
    funding_excess(c, 70'000);
    rising_oi(c, 1.0);
    EXPECT_NEAR(c.update(flat_bar(121)).c.value(), 3.0 * weight + 5.0, 1e-12);
  }
}

}  // namespace
}  // namespace toxvol::factors
