#include "toxvol/csv/number.hpp"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "toxvol/csv/row_error.hpp"

namespace toxvol::csv {
namespace {

TEST(ParseE8, ReadsDecimalsExactly) {
  EXPECT_EQ(parse_e8("27077.3"), 2'707'730'000'000);
  EXPECT_EQ(parse_e8("2474.30000000"), 247'430'000'000);
  EXPECT_EQ(parse_e8("0.00000001"), 1);
  EXPECT_EQ(parse_e8("-0.00074991"), -74'991);
  EXPECT_EQ(parse_e8("9682"), 968'200'000'000);
  EXPECT_EQ(parse_e8("0"), 0);
  EXPECT_EQ(parse_e8("-0"), 0);
  EXPECT_EQ(parse_e8(".5"), 50'000'000);
  EXPECT_EQ(parse_e8("5."), 500'000'000);
  EXPECT_EQ(parse_e8("007.1"), 710'000'000);
}

// The values that int(x * 1e8) gets wrong, house style 2.4.
TEST(ParseE8, GoesThroughNoDouble) {
  EXPECT_EQ(parse_e8("0.29"), 29'000'000);
  EXPECT_EQ(parse_e8("1.15"), 115'000'000);
  EXPECT_EQ(parse_e8("92233720368.54775807"), std::numeric_limits<std::int64_t>::max());
}

TEST(ParseE8, TakesZerosBeyondTheEighthDecimalAndNothingElse) {
  EXPECT_EQ(parse_e8("1.0000000000"), 100'000'000);
  EXPECT_EQ(parse_e8("1.1234567800000"), 112'345'678);
  EXPECT_EQ(parse_e8("1.123456789").error(), RowFault::TooManyDecimals);
  EXPECT_EQ(parse_e8("1.00000000001").error(), RowFault::TooManyDecimals);
}

TEST(ParseE8, StopsAtBothEndsOfItsRange) {
  EXPECT_EQ(parse_e8("92233720368.54775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_e8("92233720368.54775808").error(), RowFault::OutOfRange);
  EXPECT_EQ(parse_e8("-92233720368.54775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_e8("-92233720368.54775809").error(), RowFault::OutOfRange);
  EXPECT_EQ(parse_e8("92233720369").error(), RowFault::OutOfRange);
  EXPECT_EQ(parse_e8("99999999999999999999999999").error(), RowFault::OutOfRange);
}

TEST(ParseE8, RefusesWhatIsNoPlainNumber) {
  for (const char* text : {"", "-", ".", "-.", "+1", "1e5", "1,5", "1.2.3", " 1", "1 ", "0x1",
                           "nan", "inf", "--1", "1-", "\"1\"", "99999999999999999999x"}) {
    const auto value = parse_e8(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error(), RowFault::BadDecimal) << text;
  }
}

TEST(ParseE8, ReadsBackEveryValueItIsWrittenAs) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const auto raw = static_cast<std::int64_t>(random() >> (random() % 64));
    const auto whole = raw / 100'000'000;
    const auto text = fmt::format("{}.{:08}", whole, raw % 100'000'000);
    ASSERT_EQ(parse_e8(raw < 0 ? "0" : text), raw < 0 ? 0 : raw) << text;
    ASSERT_EQ(parse_e8(raw < 0 ? "0" : "-" + text), raw < 0 ? 0 : -raw) << text;
  }
}

TEST(ParseInt, ReadsTheWholeRange) {
  EXPECT_EQ(parse_int("0"), 0);
  EXPECT_EQ(parse_int("-1"), -1);
  EXPECT_EQ(parse_int("5266583935"), 5'266'583'935);
  EXPECT_EQ(parse_int("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse_int("9223372036854775808").error(), RowFault::OutOfRange);
  EXPECT_EQ(parse_int("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse_int("-9223372036854775809").error(), RowFault::OutOfRange);
}

TEST(ParseInt, RefusesWhatIsNoInteger) {
  for (const char* text : {"", "-", "+1", "1.0", "1e3", "a", " 1", "1 ", "--1"}) {
    const auto value = parse_int(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error(), RowFault::BadInteger) << text;
  }
}

TEST(ParseBool, KnowsBothSpellings) {
  EXPECT_EQ(parse_bool("true"), true);
  EXPECT_EQ(parse_bool("True"), true);
  EXPECT_EQ(parse_bool("false"), false);
  EXPECT_EQ(parse_bool("False"), false);
  for (const char* text : {"", "TRUE", "FALSE", "1", "0", "t", "true ", "truee"}) {
    EXPECT_EQ(parse_bool(text).error(), RowFault::BadFlag) << text;
  }
}

TEST(ParseDouble, IsCorrectlyRounded) {
  // 2^53 + 1 lies between two doubles; a decimal just above the middle rounds up.
  EXPECT_EQ(parse_double("9007199254740993.0000001"), 9007199254740994.0);
  EXPECT_EQ(parse_double("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(parse_double("3072230940.500896"), 3072230940.500896);
  EXPECT_EQ(parse_double("-1.5"), -1.5);
  EXPECT_EQ(parse_double("1e-3"), 0.001);
}

TEST(ParseDouble, RefusesWhatIsNoFiniteNumber) {
  for (const char* text : {"", "nan", "inf", "-inf", "1,0", "0x10", "1.0 ", " 1", "abc", "1e"}) {
    EXPECT_EQ(parse_double(text).error(), RowFault::BadNumber) << text;
  }
  EXPECT_EQ(parse_double("1e400").error(), RowFault::OutOfRange);
}

}  // namespace
}  // namespace toxvol::csv
