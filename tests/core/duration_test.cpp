#include "toxvol/core/duration.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "toxvol/core/time.hpp"

namespace toxvol {
namespace {

TEST(Duration, ReadsAWholeNumberAndAUnit) {
  EXPECT_EQ(parse_duration("30m"), Duration{std::chrono::minutes{30}});
  EXPECT_EQ(parse_duration("20ms"), Duration{std::chrono::milliseconds{20}});
  EXPECT_EQ(parse_duration("7d"), Duration{std::chrono::days{7}});
  EXPECT_EQ(parse_duration("0s"), Duration{0});
}

TEST(Duration, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "30", "m", "1.5h", "-1s", "30 m", "30x", "99999999999999d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, IsAtMostTenYears) {
  EXPECT_EQ(parse_duration("3650d"), kLongest);
  EXPECT_EQ(parse_duration("87600h"), kLongest);
  for (const char* text : {"3651d", "87601h", "315360000000000001ns", "106751d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, ComesBackInTheLargestUnitThatDividesIt) {
  EXPECT_EQ(to_text(std::chrono::minutes{90}), "90m");
  EXPECT_EQ(to_text(std::chrono::hours{48}), "2d");
  EXPECT_EQ(to_text(std::chrono::milliseconds{1500}), "1500ms");
  EXPECT_EQ(to_text(Duration{1}), "1ns");
  EXPECT_EQ(to_text(Duration{0}), "0s");
}

}  // namespace
}  // namespace toxvol
