#include "toxvol/study/selection.hpp"

#include <cstddef>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/outcome.hpp"

namespace toxvol::study {
namespace {

using Objective = WalkForward::Objective;

/// `units` returns of +2 and 0 by turns, and so many positions of 1 bp.
Outcome training(std::size_t units, std::size_t positions) {
  Outcome outcome;
  for (std::size_t i = 0; i < units; ++i) {
    outcome.returns.units.net.push_back(i % 2 == 0 ? 2.0 : 0.0);
  }
  outcome.returns.positions.bp.assign(positions, 1.0);
  return outcome;
}

Score worth(double objective) {
  return {.eligible = true, .objective = objective};
}

TEST(Score, AsksForTenDaysOfHoursAndForPositions) {
  EXPECT_TRUE(score_of({}, training(240, 30)).eligible);
  EXPECT_FALSE(score_of({}, training(239, 30)).eligible);
  EXPECT_FALSE(score_of({}, training(240, 29)).eligible);
  EXPECT_TRUE(score_of({.min_positions = 0}, training(240, 0)).eligible);
}

TEST(Score, AsksForSpread) {
  Outcome still = training(240, 30);
  still.returns.units.net.assign(240, 0.5);
  const Score score = score_of({.objective = Objective::Net}, still);
  EXPECT_FALSE(score.eligible);
  EXPECT_DOUBLE_EQ(*score.objective, 0.5);
}

TEST(Score, IsOfUnitsAndNotOfAYear) {
  const Outcome run = training(240, 30);
  const stats::Sharpe ratio = stats::sharpe(run.returns.units.net);
  EXPECT_EQ(score_of({.objective = Objective::Sharpe}, run).objective, ratio.sharpe);
  EXPECT_DOUBLE_EQ(*score_of({.objective = Objective::SharpeLcb}, run).objective,
                   *ratio.sharpe - 1.645 * *ratio.se_nw);
  EXPECT_NEAR(*score_of({.objective = Objective::Net}, run).objective, 1.0, 1e-12);
  EXPECT_DOUBLE_EQ(*score_of({.objective = Objective::PosBp}, run).objective, 1.0);
}

TEST(Select, TakesTheGreatestEligible) {
  const std::vector<Score> scores{worth(1), {.eligible = false, .objective = 9}, worth(3)};
  EXPECT_EQ(select({}, scores), 2U);
}

TEST(Select, TakesTheFirstOfThoseThatAreEqualWithinRounding) {
  EXPECT_EQ(select({}, std::vector<Score>{worth(1.0), worth(1.0 + 5e-13)}), 0U);
  EXPECT_EQ(select({}, std::vector<Score>{worth(1.0), worth(1.0 + 5e-12)}), 1U);
}

TEST(Select, MayLoseLeastUnlessAGainIsAskedFor) {
  const std::vector<Score> scores{worth(-2), worth(-1)};
  EXPECT_EQ(select({}, scores), 1U);
  EXPECT_FALSE(select({.require_positive = true}, scores));
  EXPECT_FALSE(select({.require_positive = true}, std::vector<Score>{worth(0)}));
  EXPECT_FALSE(select({}, std::vector<Score>{{.eligible = false, .objective = 1}}));
}

}  // namespace
}  // namespace toxvol::study
