#include "toxvol/jobs/study/walk_plan.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {
namespace {

using std::chrono::hours;

/// Between training and test of the first fold, for candidates that hold at most 30 and 90 minutes
/// and a base that may hold for five hours.
Duration gap(const std::string& rules, const std::string& values = R"(["30m", "90m"])") {
  const study::Design design = study::parse_design(R"(
[[axis]]
key = "exit.max_hold"
values = )" + values + "\n[walkforward]\ntrain = \"24h\"\ntest = \"24h\"\n" +
                                                       rules,
                                                   "d.toml");
  study::Window window;
  window.from = *time_from_text("2024-01-01");
  window.to = *time_from_text("2024-01-11");
  config::Config base = config::preset("short");
  config::set(base, "exit.max_hold=300m");
  const auto points = study::points_of(design, {.base = base});
  const auto folds = walk_folds(held(design.walkforward), points, window);
  return folds.front().test_from - folds.front().train_to;
}

TEST(WalkFolds, LeaveTheLongestHoldOfACandidateBetweenTrainingAndTest) {
  EXPECT_EQ(gap("fallback = \"flat\""), hours{2}) << "R38: the base is no candidate";
  EXPECT_EQ(gap("fallback = \"flat\"", R"(["30m", "60m"])"), hours{1});
  EXPECT_EQ(gap("fallback = \"flat\"", R"(["30m", "61m"])"), hours{2});
  EXPECT_EQ(gap("fallback = \"flat\"\nembargo = \"3h\""), hours{5});
  EXPECT_EQ(gap("fallback = \"flat\"\npurge = \"7h\""), hours{7});
}

TEST(WalkFolds, AlsoLeaveThatOfABaseThatMayBeFallenBackTo) {
  EXPECT_EQ(gap("fallback = \"base\""), hours{5});
  EXPECT_EQ(gap(""), hours{5}) << "as unless said";
  EXPECT_EQ(gap("", R"(["30m", "400m"])"), hours{7});
}

}  // namespace
}  // namespace toxvol::jobs
