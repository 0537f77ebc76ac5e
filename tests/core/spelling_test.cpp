#include "toxvol/core/spelling.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace toxvol {
namespace {

TEST(SpellingDistance, CountsLettersAddedTakenChangedOrSwapped) {
  EXPECT_EQ(spelling_distance("ingest", "ingest"), 0U);
  EXPECT_EQ(spelling_distance("ingst", "ingest"), 1U);
  EXPECT_EQ(spelling_distance("inngest", "ingest"), 1U);
  EXPECT_EQ(spelling_distance("ingost", "ingest"), 1U);
  EXPECT_EQ(spelling_distance("ignest", "ingest"), 1U);
  EXPECT_EQ(spelling_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(spelling_distance("", "ab"), 2U);
}

TEST(SpellingDistance, CapitalsAreTheSameLetters) {
  EXPECT_EQ(spelling_distance("SHORT", "short"), 0U);
}

TEST(SpellingDistance, ABeginningOfFourLettersIsOneAwayAndOfThreeAsFarAsItIs) {
  EXPECT_EQ(spelling_distance("back", "backtest"), 1U);
  EXPECT_EQ(spelling_distance("bac", "backtest"), 5U);
}

TEST(NearestName, IsWithinAThirdOfTheLettersAsked) {
  const std::vector<std::string> names{"ingest", "backtest", "report"};
  EXPECT_EQ(nearest_name("bakctest", names), "backtest");
  EXPECT_EQ(nearest_name("raprt", names), "report");      // 5 letters, 2 away
  EXPECT_EQ(nearest_name("rapr", names), std::nullopt);   // 4 letters, 3 away
  EXPECT_EQ(nearest_name("raprx", names), std::nullopt);  // 5 letters, 3 away
}

TEST(NearestName, IsNothingWhereNoneIsNear) {
  EXPECT_EQ(nearest_name("Z", {"A", "B"}), std::nullopt);
  EXPECT_EQ(nearest_name("a", {"A", "B"}), "A");
  EXPECT_EQ(nearest_name("frobnicate", {"ingest", "check"}), std::nullopt);
}

TEST(NearestName, IsTheFirstOfEquals) {
  EXPECT_EQ(nearest_name("cart", {"card", "care"}), "card");
}

}  // namespace
}  // namespace toxvol
