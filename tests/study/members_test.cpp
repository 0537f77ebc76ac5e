#include "toxvol/study/members.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {
namespace {

using Hours = std::vector<double>;

// Without any correlation with each other.
const Hours kUpDown = {1, -1, 1, -1};
const Hours kUpUp = {1, 1, -1, -1};
const Hours kIdle = {0, 0, 0, 0};

/// Runs with an id, whose hourly returns begin at the same time.
class StudyMembers : public testing::Test {
 protected:
  const ResultRow* run(const std::string& id, const Hours& returns) {
    Outcome outcome;
    outcome.trial = id;
    outcome.returns.units.net = outcome.returns.units.px = returns;
    outcome.returns.fills = returns == kIdle ? 0 : 2;
    rows_.push_back(result_of(outcomes_.emplace_back(std::move(outcome)), {.seed = 7}));
    return &rows_.back();
  }
  const ResultRow* failed() { return &rows_.emplace_back(); }

 private:
  std::deque<Outcome> outcomes_;
  std::deque<ResultRow> rows_;
};

// Two folds of four candidates: 2 of the first are different, 1 of the second; besides the base
// that it falls back to, the stitched run and the two beside it.
TEST_F(StudyMembers, AddsWhatIsDifferentInEachWindowAndAllOthers) {
  const std::vector<TrialRows> folds = {
      {run("a1", kUpDown), run("b1", kUpUp), run("idle", kIdle), failed()},
      {run("a2", kUpDown), run("b2", {2, -2, 2, -2})}};
  const TrialRows others = {run("stitched", kUpDown), run("trailing", kUpDown),
                            run("sample", kUpUp), run("fallback", kUpUp)};
  const Members members = members_of(folds, others);
  EXPECT_EQ(members.count, 3 + 2 + 4) << "a run without trades was looked at, a failed one was not";
  EXPECT_EQ(members.n_hat, 2.0 + 1.0 + 4.0);
  EXPECT_EQ(members.rho, 0.5) << "0 and 1";
}

TEST_F(StudyMembers, CountsOneTrialOnce) {
  const std::vector<TrialRows> folds = {{run("a", kUpDown), run("a", kUpDown), run("b", kUpUp)}};
  const Members members = members_of(folds, {run("b", kUpUp), run("c", kUpUp), run("c", kUpUp)});
  EXPECT_EQ(members.count, 3);
  EXPECT_EQ(members.n_hat, 2.0 + 1.0);
  EXPECT_EQ(members.rho, 0.0);
}

// The third is ruined after four hours, in which the others did nothing.
TEST_F(StudyMembers, CountsInFullWhatNoCommonHourTellsApart) {
  const std::vector<TrialRows> folds = {
      {run("a", {0, 0, 0, 0, 1, -1}), run("b", {0, 0, 0, 0, 1, -1}), run("c", kUpDown)}};
  const Members members = members_of(folds, {});
  EXPECT_EQ(members.n_hat, 3.0);
  EXPECT_EQ(members.rho, std::nullopt);
}

TEST_F(StudyMembers, OfNoneWithARatioNobodyKnowsHowManyAreDifferent) {
  const std::vector<TrialRows> folds = {{run("a", kIdle), failed()}};
  const Members members = members_of(folds, {});
  EXPECT_EQ(members.count, 1);
  EXPECT_EQ(members.n_hat, std::nullopt);
}

}  // namespace
}  // namespace toxvol::study
