#include "toxvol/evaluate/costs.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/rows.hpp"

namespace toxvol::evaluate {
namespace {

TEST(Costs, HaveTheWorkedNumbersOfTheirRule) {
  EXPECT_NEAR(needed_probability(10.0, 6.21, 15.0).value(), 0.7605509813, 1e-10);
  EXPECT_NEAR(break_even_minutes(10.0, 6.21, 0.55).value(), 407.3208831, 1e-7);
  EXPECT_NEAR(capacity_usdt(1e10, 14.0, 10.0, 236.0 / std::sqrt(1440.0)).value(), 718184.4298,
              1e-3);
}

TEST(Costs, AreTheTwoFeesOfARoundTrip) {
  const RoundTrip fees = round_trip(0.0002, 0.0005);
  EXPECT_NEAR(fees.taker_taker, 10.0, 1e-12);
  EXPECT_NEAR(fees.maker_taker, 7.0, 1e-12);
  EXPECT_NEAR(fees.maker_maker, 4.0, 1e-12);
}

// cost = σ√(2H/π) needs a hit rate of exactly 1; a hair more needs more than that.
TEST(Costs, WhatNoHitRatePaysIsImpossible) {
  const double move = 6.21 * std::sqrt(2.0 / 3.14159265358979323846);
  EXPECT_TRUE(needed_probability(move * (1 - 1e-12), 6.21, 1.0));
  EXPECT_FALSE(needed_probability(move * (1 + 1e-12), 6.21, 1.0));
  EXPECT_FALSE(needed_probability(10.0, 0.0, 1.0));
}

TEST(Costs, AHitRateOfAHalfPaysAtNoHorizon) {
  EXPECT_FALSE(break_even_minutes(10.0, 6.21, 0.5));
  EXPECT_TRUE(break_even_minutes(10.0, 6.21, 0.5000001));
  EXPECT_FALSE(break_even_minutes(10.0, 0.0, 0.6));
}

TEST(Capacity, IsNothingWhereTheEdgeIsItsCost) {
  EXPECT_EQ(capacity_usdt(1e10, 10.0, 10.0, 6.0), 0.0);
  EXPECT_GT(capacity_usdt(1e10, 10.1, 10.0, 6.0), 0.0);
  EXPECT_FALSE(capacity_usdt(1e10, 10.1, 10.0, 0.0));
}

DecayRow line(std::int64_t seconds, std::optional<double> lo) {
  DecayRow made{.signal = "p", .horizon_s = seconds, .subset = "all", .placebo = "none"};
  made.cost_bp = 10.0;
  made.lo = lo;
  return made;
}

TEST(Crossing, IsTheLeastHorizonThatSurelyPays) {
  EXPECT_EQ(measured_crossing({line(60, 9.99), line(900, 12.0), line(300, 10.0)}), 300);
  EXPECT_FALSE(measured_crossing({line(60, 9.99), line(300, std::nullopt)}));
  DecayRow placebo = line(60, 20.0);
  placebo.placebo = "shift";
  EXPECT_FALSE(measured_crossing({placebo}));
}

TEST(Costs, SigmaIsTheLowerMedianOfDecisionRowsInBasisPoints) {
  Rows rows;
  for (const double sigma : {0.0004, 0.0001, 0.0003, 0.0002}) {
    Row row = test::row(static_cast<std::int64_t>(rows.all().size()), 100.0);
    row.sigma = sigma;
    rows.add(row);
  }
  Row between = test::row(4, 100.0);
  between.sigma = 1.0;
  between.decides = false;
  rows.add(between);
  Evaluation evaluation;
  evaluation.costs.round_trip = round_trip(0.0, 0.0001);
  put_costs(evaluation, rows, 1e9);
  EXPECT_NEAR(evaluation.costs.sigma_bp.value(), 2.0, 1e-12);
  EXPECT_EQ(evaluation.costs.needed.size(), kBetMinutes.size());
  EXPECT_FALSE(evaluation.costs.needed[0].taker_taker);  // 2 bp of 1.6 that it moves
  EXPECT_FALSE(evaluation.costs.capacity_usdt);          // no edge is known
  EXPECT_FALSE(evaluation.costs.break_even_minutes);
}

}  // namespace
}  // namespace toxvol::evaluate
