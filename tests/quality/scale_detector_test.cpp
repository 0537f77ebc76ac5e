#include "toxvol/quality/scale_detector.hpp"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {
namespace {

using std::chrono::minutes;

constexpr Day kFirst{std::chrono::year{2024} / 1 / 15};

std::vector<Finding> run(const std::vector<std::pair<Timestamp, std::optional<double>>>& stamps) {
  ScaleDetector detector;
  Findings findings;
  for (const auto& [stamp, value] : stamps) detector.on(stamp, value, findings);
  detector.finish(findings);
  return findings.sorted();
}

TEST(ScaleDetector, JoinsTheStampsOfADayAndTellsWhereTheyBeginAndEnd) {
  const Timestamp noon = Timestamp{kFirst} + std::chrono::hours{12};
  const auto found = run({{noon, 80'000.0},
                          {noon + minutes{5}, 250.5},
                          {noon + minutes{10}, 251.0},
                          {noon + minutes{15}, 79'000.0},
                          {noon + minutes{20}, 252.0}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].code, Code::OiScale);
  EXPECT_EQ(found[0].day, kFirst);
  EXPECT_EQ(found[0].count, 2);
  EXPECT_EQ(found[0].column, "sum_open_interest");
  EXPECT_EQ(found[0].value, "250.5");
  EXPECT_EQ(found[0].ts, noon + minutes{5});
  EXPECT_EQ(found[0].ts_end, noon + minutes{10});
  EXPECT_EQ(found[1].count, 1);
  EXPECT_EQ(found[1].value, "252");
}

// A day of metrics is (00:00, 24:00].
TEST(ScaleDetector, GivesEachDayItsOwnFindingAndTheMidnightToTheDayThatItEnds) {
  const Timestamp midnight = Timestamp{kFirst} + kDay;
  const auto found = run({{midnight - minutes{10}, 80'000.0},
                          {midnight - minutes{5}, 250.0},
                          {midnight, 250.0},
                          {midnight + minutes{5}, 250.0}});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].day, kFirst);
  EXPECT_EQ(found[0].count, 2);
  EXPECT_EQ(found[1].day, kFirst + std::chrono::days{1});
  EXPECT_EQ(found[1].count, 1);
}

TEST(ScaleDetector, LeavesBlankAndZeroToOtherFindings) {
  const Timestamp noon = Timestamp{kFirst} + std::chrono::hours{12};
  EXPECT_TRUE(run({{noon, 80'000.0},
                   {noon + minutes{5}, std::nullopt},
                   {noon + minutes{10}, 0.0},
                   {noon + minutes{15}, 80'000.0}})
                  .empty());
}

}  // namespace
}  // namespace toxvol::quality
