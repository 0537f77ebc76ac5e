#include "toxvol/explain/steps.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::explain {
namespace {

using strategy::Step;
using trading::Reason;

Step compression(double f1, double q_f1) {
  return {.question = "compression",
          .otherwise = Reason::NotCompressed,
          .holds = f1 >= q_f1,
          .factor = "f1",
          .value = f1,
          .relation = ">=",
          .limit = "q_f1",
          .threshold = q_f1};
}

Step toxicity(double t, double tau, bool holds) {
  return {.question = "toxicity",
          .otherwise = Reason::Toxic,
          .holds = holds,
          .factor = "t",
          .value = t,
          .relation = "<",
          .limit = "tau_t",
          .threshold = tau};
}

TEST(StepWords, SayValueThresholdVerdictAndMargin) {
  EXPECT_EQ(words_of(compression(1.31, 1.12)), "f1 1.31 >= q_f1 1.12: compressed (by 0.19)");
  EXPECT_EQ(words_of(compression(1.12, 1.12)), "f1 1.12 >= q_f1 1.12: compressed (by 0)");
  EXPECT_EQ(words_of(compression(0.93, 1.12)), "f1 0.93 < q_f1 1.12: not compressed (0.19 short)");
  EXPECT_EQ(words_of(toxicity(0.5, 0.75, true)),
            "t 0.5 < tau_t 0.75: the flow can be trusted (by 0.25)");
  EXPECT_EQ(words_of(toxicity(1.0, 0.75, false)), "t 1 >= tau_t 0.75: toxic (0.25 too much)");
  EXPECT_EQ(words_of(toxicity(0.75, 0.75, false)), "t 0.75 >= tau_t 0.75: toxic (0 too much)");
}

TEST(StepWords, OfToxicFlowThatAGateOnlyScalesSayBoth) {
  EXPECT_EQ(words_of(toxicity(1.0, 0.75, true)),
            "t 1 >= tau_t 0.75: the flow can be trusted; toxic by 0.25, which is no bar");
}

TEST(StepWords, OfYesOrNoNeedNoNumber) {
  const Step boundary{.question = "boundary",
                      .otherwise = Reason::NotBoundary,
                      .holds = false,
                      .factor = "decides"};
  EXPECT_EQ(words_of(boundary), "decides: no decision is due in this minute");
  const Step sigma{
      .question = "known", .otherwise = Reason::Warmup, .holds = false, .factor = "sigma"};
  EXPECT_EQ(words_of(sigma), "sigma: the usual move of a minute is not known yet");
}

TEST(StepWords, OfALimitThatIsOffSaySo) {
  const Step loss{.question = "daily_loss",
                  .otherwise = Reason::DailyLoss,
                  .holds = true,
                  .factor = "loss of the UTC day in bp",
                  .value = 3.0,
                  .relation = "<",
                  .limit = "guards.daily_loss_bp",
                  .threshold = std::nullopt};
  EXPECT_EQ(words_of(loss),
            "loss of the UTC day in bp 3 (guards.daily_loss_bp: no limit): within the limit");
  EXPECT_EQ(margin(loss), std::nullopt);
}

TEST(StepWords, OfAConfirmationNameTheSign) {
  Step step{.question = "confirmation",
            .otherwise = Reason::Unconfirmed,
            .holds = false,
            .factor = "f2",
            .value = -0.5,
            .relation = "=",
            .limit = "f3",
            .threshold = 1.0};
  EXPECT_EQ(words_of(step), "f2 -0.5 has not the sign of f3 1: the flow does not confirm");
  step.value.reset();
  EXPECT_EQ(words_of(step), "f2: the flow does not confirm");
}

TEST(Margin, IsAboveZeroOnTheSideThatHolds) {
  EXPECT_EQ(margin(compression(2.0, 0.5)), 1.5);
  EXPECT_EQ(margin(compression(0.5, 2.0)), -1.5);
  EXPECT_EQ(margin(toxicity(0.5, 2.0, true)), 1.5);
  EXPECT_EQ(margin(toxicity(2.0, 0.5, false)), -1.5);
}

TEST(StepLines, MarkTheFirstNoAndWhatWasNotAskedAfterIt) {
  const std::vector<std::string> lines =
      lines_of({compression(2.0, 1.0), compression(0.5, 1.0), compression(2.0, 1.0)});
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "  yes f1 2 >= q_f1 1: compressed (by 1)");
  EXPECT_EQ(lines[1], "  NO  f1 0.5 < q_f1 1: not compressed (0.5 short)");
  EXPECT_EQ(lines[2], "      f1 2 >= q_f1 1: compressed (by 1)  - not asked any more");
}

}  // namespace
}  // namespace toxvol::explain
