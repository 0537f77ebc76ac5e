#include <string>

#include <gtest/gtest.h>

#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/makers.hpp"

namespace toxvol::evaluate {
namespace {

Evaluation without_orders() {
  Evaluation evaluation;
  evaluation.markouts_note = "not_applicable: no entry order rested";
  evaluation.ladder_note = "not_applicable: an order script";
  return evaluation;
}

TEST(Verdicts, WhatCannotBeMeasuredIsToldInWords) {
  const Verdicts verdicts = verdicts_of(without_orders());
  EXPECT_EQ(verdicts.makers, "not measured, because no entry order rested");
  EXPECT_EQ(verdicts.vpin,
            "not measured, because the run has no trades whose signs could be shuffled");
  EXPECT_TRUE(verdicts.capacity.ends_with("other sizes were not tried (an order script)"))
      << verdicts.capacity;
}

TEST(Verdicts, ADocumentKeepsTheWordOfTheNote) {
  const std::string json = evaluation_json(without_orders());
  EXPECT_NE(json.find(R"("note": "not_applicable: no entry order rested")"), std::string::npos);
}

TEST(Verdicts, AMinuteAfterAcceptanceWorseIsWorse) {
  Evaluation evaluation;
  MarkoutRow& filled = evaluation.markouts.emplace_back();
  filled.fate = "filled";
  filled.ref = "accepted";
  filled.tau_s = 60;
  AdverseSelection& adverse = evaluation.adverse.emplace_back();
  adverse.tau_s = 60;
  adverse.bp = -1.5;
  EXPECT_EQ(verdicts_of(evaluation).makers,
            "a minute after acceptance the price stands 1.50 bp worse for filled entries than for "
            "all");
  adverse.bp = 1.5;
  EXPECT_NE(verdicts_of(evaluation).makers.find("1.50 bp better"), std::string::npos);
}

TEST(Verdicts, WhereStrongPressurePaysIsToldWithTheHorizonsLookedAt) {
  Evaluation evaluation;
  EXPECT_TRUE(
      verdicts_of(evaluation)
          .costs.ends_with(
              "strong pressure: the 95 % interval of what it earned is above the cost at none of 0 "
              "horizons"))
      << verdicts_of(evaluation).costs;
  evaluation.costs.crossing_s = 600;
  EXPECT_TRUE(verdicts_of(evaluation)
                  .costs.ends_with("first above the cost at 10 min, of 0 "
                                   "horizons looked at"))
      << verdicts_of(evaluation).costs;
  evaluation.costs.crossing_s = 90;
  EXPECT_NE(verdicts_of(evaluation).costs.find("at 90 s, of"), std::string::npos);
}

}  // namespace
}  // namespace toxvol::evaluate
