#include "toxvol/jobs/arguments.hpp"

#include <string>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::jobs {
namespace {

std::string read(const char* text) {
  try {
    return to_string(parse_time(text, "--from"));
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Jobs, AreProcessorsUnlessSaidAndNeverFewerThanNone) {
  EXPECT_EQ(threads_of(3), 3);
  EXPECT_GE(threads_of(0), 1);
  EXPECT_THROW(static_cast<void>(threads_of(-1)), UsageError);
}

TEST(ParseTime, ADayIsItsFirstMomentUtc) {
  for (const char* text : {"2024-01-08", "20240108", "2024-01-08T00:00", "2024-01-07T24:00"}) {
    EXPECT_EQ(read(text), "2024-01-08T00:00:00Z") << text;
  }
}

TEST(ParseTime, WithoutAZoneATimeIsUtc) {
  for (const char* text :
       {"2024-01-08T12:00", "2024-01-08 12:00", "2024-01-08T12", "2024-01-08T1200", "20240108T12",
        "20240108T120000", "2024-01-08 12:00:00", "2024-01-08t12:00:00z", "2024-01-08T12:00:00.000",
        "2024-01-08 12:00:00 Z"}) {
    EXPECT_EQ(read(text), "2024-01-08T12:00:00Z") << text;
  }
}

TEST(ParseTime, AZoneIsTakenOff) {
  for (const char* text : {"2024-01-08T14:00+02:00", "2024-01-08 14:00:00+0200", "20240108T14+02",
                           "2024-01-08T14:00:00 +02:00", "2024-01-08T06:30-05:30"}) {
    EXPECT_EQ(read(text), "2024-01-08T12:00:00Z") << text;
  }
  EXPECT_EQ(read("2024-01-08T01:00+02:00"), "2024-01-07T23:00:00Z");
}

TEST(ParseTime, KeepsAFractionToTheNanosecond) {
  EXPECT_EQ(read("2024-01-08T12:00:00.5"), "2024-01-08T12:00:00.500Z");
  EXPECT_EQ(read("2024-01-08T12:00:00,123456789Z"), "2024-01-08T12:00:00.123456789Z");
}

TEST(ParseTime, AnythingElseIsRefusedWithItsOptionAndText) {
  for (const char* text : {"",
                           "2024",
                           "2024-01",
                           "2024-13-01",
                           "2024-02-30",
                           "2024-01-08T",
                           "2024-01-08T25:00",
                           "2024-01-08T24:01",
                           "2024-01-08T12:60",
                           "2024-01-08T12:00:60",
                           "2024-01-08T12:0",
                           "2024-01-08T12:00:00.",
                           "2024-01-08T12:00:00.1234567890",
                           "2024-01-08T12:00+2",
                           "2024-01-08T12:00+02:",
                           "2024-01-08T12:00X",
                           "2024-0108",
                           "2024-01-08x",
                           "08.01.2024",
                           "2024-01-08T12:00:00ZZ",
                           "1704672000"}) {
    const std::string said = read(text);
    EXPECT_TRUE(said.starts_with(std::string{"--from "} + text + ": expected a UTC day")) << said;
  }
}

TEST(ParseTime, BeyondTheTimesThatThereAreSaysWhichThose) {
  try {
    static_cast<void>(parse_time("2300-01-01", "--to"));
    FAIL();
  } catch (const UsageError& error) {
    const std::string said = error.what();
    EXPECT_TRUE(said.starts_with("--to 2300-01-01: expected a UTC day such as 2024-01-31")) << said;
    EXPECT_TRUE(said.ends_with("of the years 1970 to 2200")) << said;
  }
}

TEST(CheckSymbol, NamesTheSameInCapitals) {
  EXPECT_NO_THROW(check_symbol("1000PEPEUSDT", "--symbol"));
  try {
    check_symbol("btcUsdt", "--symbol");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "--symbol btcUsdt: a contract is written in capitals: BTCUSDT");
  }
}

}  // namespace
}  // namespace toxvol::jobs
