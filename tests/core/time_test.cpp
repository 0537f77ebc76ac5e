#include "toxvol/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "toxvol/core/duration.hpp"
#include "toxvol/core/time_text.hpp"

namespace toxvol {
namespace {

using namespace std::chrono_literals;

constexpr Day kDay30{std::chrono::year{2024} / 3 / 30};

TEST(Time, ADayIsItsDate) {
  EXPECT_EQ(to_string(kDay30), "2024-03-30");
  EXPECT_EQ(to_string(Day{std::chrono::year{1969} / 12 / 31}), "1969-12-31");
}

TEST(Time, ATimestampHasAsManyFractionalDigitsAsItNeeds) {
  const Timestamp noon = Timestamp{kDay30} + 12h;
  EXPECT_EQ(to_string(noon), "2024-03-30T12:00:00Z");
  EXPECT_EQ(to_string(noon + 5ms), "2024-03-30T12:00:00.005Z");
  EXPECT_EQ(to_string(noon + 5us), "2024-03-30T12:00:00.000005Z");
  EXPECT_EQ(to_string(noon + 5ns), "2024-03-30T12:00:00.000000005Z");
}

TEST(Time, TheDayOfATimeBeginsAtItsMidnightAlsoBeforeTheEpoch) {
  EXPECT_EQ(day_of(Timestamp{kDay30}), kDay30);
  EXPECT_EQ(day_of(Timestamp{kDay30} - 1ns), kDay30 - std::chrono::days{1});
  EXPECT_EQ(to_string(day_of(from_ns(-1))), "1969-12-31");
}

TEST(Time, FloorMsRoundsTowardsThePastAlsoBeforeTheEpoch) {
  EXPECT_EQ(floor_ms(from_ns(1'999'999)), 1);
  EXPECT_EQ(floor_ms(from_ns(2'000'000)), 2);
  EXPECT_EQ(floor_ms(from_ns(-1)), -1);
  EXPECT_EQ(floor_ms(from_ms(-1)), -1);
}

TEST(Time, OfTextIsOfTheYears1970To2200) {
  EXPECT_EQ(time_from_text("1970-01-01"), Timestamp{});
  EXPECT_EQ(time_from_text("2200-12-31T24:00"), Timestamp{Day{std::chrono::year{2201} / 1 / 1}});
  for (const char* text : {"1969-12-31", "2201-01-01", "2300-01-01", "9999-12-31", "0000-01-01"}) {
    EXPECT_EQ(time_from_text(text), std::nullopt) << text;
  }
  EXPECT_EQ(day_of_date(std::chrono::year{2024} / 2 / 30), std::nullopt);
}

TEST(Time, OfTextAndTheLongestDurationIsATimeToo) {
  EXPECT_EQ(to_string(*time_from_text("2200-12-31") + kLongest), "2210-12-29T00:00:00Z");
}

TEST(Time, NanosecondsComeBackAsTheyWent) {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1'711'800'000'123'456'789}, std::int64_t{-1'000'000'001}}) {
    EXPECT_EQ(to_ns(from_ns(ns)), ns);
  }
  EXPECT_EQ(from_ms(2), from_ns(2'000'000));
}

}  // namespace
}  // namespace toxvol
