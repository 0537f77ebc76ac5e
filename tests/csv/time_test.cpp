#include "toxvol/csv/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "toxvol/core/time.hpp"

namespace toxvol::csv {
namespace {

using namespace std::chrono_literals;

TEST(TimeUnit, IsDecidedByMagnitude) {
  EXPECT_EQ(unit_of(1'600'000'000), TimeUnit::Seconds);
  EXPECT_EQ(unit_of(1'600'000'000'000), TimeUnit::Milliseconds);
  EXPECT_EQ(unit_of(1'600'000'000'000'000), TimeUnit::Microseconds);
}

TEST(TimeUnit, EndsOnBothSidesOfEachBand) {
  for (const std::int64_t scale : {1LL, 1'000LL, 1'000'000LL}) {
    EXPECT_EQ(unit_of(1'000'000'000 * scale - 1), std::nullopt) << scale;
    EXPECT_NE(unit_of(1'000'000'000 * scale), std::nullopt) << scale;
    EXPECT_NE(unit_of(5'000'000'000 * scale - 1), std::nullopt) << scale;
    EXPECT_EQ(unit_of(5'000'000'000 * scale), std::nullopt) << scale;
  }
}

TEST(TimeUnit, IsNoneForOtherNumbers) {
  // Nanoseconds, a date as a number, nothing, before the epoch.
  for (const std::int64_t time :
       {1'600'000'000'000'000'000LL, 20'240'330LL, 0LL, -1'600'000'000LL}) {
    EXPECT_EQ(unit_of(time), std::nullopt) << time;
  }
}

TEST(ToTimestamp, IsExactInNanoseconds) {
  EXPECT_EQ(to_timestamp(1'723'161'256'322, TimeUnit::Milliseconds),
            from_ns(1'723'161'256'322'000'000));
  EXPECT_EQ(to_timestamp(1'723'161'256'322'001, TimeUnit::Microseconds),
            from_ns(1'723'161'256'322'001'000));
  EXPECT_EQ(to_timestamp(1'723'161'256, TimeUnit::Seconds), from_ns(1'723'161'256'000'000'000));
}

TEST(ToTimestamp, RefusesAnotherUnitsMagnitude) {
  EXPECT_EQ(to_timestamp(1'723'161'256'322, TimeUnit::Microseconds), std::nullopt);
  EXPECT_EQ(to_timestamp(1'723'161'256'322'000, TimeUnit::Milliseconds), std::nullopt);
}

TEST(ParseUtcText, ReadsTheMetricsLabel) {
  EXPECT_EQ(parse_utc_text("2023-11-23 09:35:00"),
            Timestamp{std::chrono::sys_days{2023y / 11 / 23} + 9h + 35min});
  EXPECT_EQ(parse_utc_text("2024-02-29 23:59:59"),
            Timestamp{std::chrono::sys_days{2024y / 2 / 29} + 23h + 59min + 59s});
}

TEST(ParseUtcText, RefusesEveryOtherText) {
  for (const char* text :
       {"", "2023-11-23", "2023-11-23T09:35:00", "2023-11-23 09:35:00Z", "2023-11-23 9:35:00",
        "2023-02-29 00:00:00", "2023-13-01 00:00:00", "2023-00-01 00:00:00", "2023-01-00 00:00:00",
        "2023-01-01 24:00:00", "2023-01-01 00:60:00", "2023-01-01 00:00:60", "1970-01-01 00:00:00",
        "2023/11/23 09:35:00", "202a-11-23 09:35:00", "2023-11-23 09:35:0 ",
        "-023-11-23 09:35:00"}) {
    EXPECT_EQ(parse_utc_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace toxvol::csv
