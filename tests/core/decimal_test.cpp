#include "toxvol/core/decimal.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace toxvol {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> with_exponent(std::string_view text) {
  const auto value = parse_decimal(text, Exponents::Allowed);
  return value ? std::optional{*value} : std::nullopt;
}

TEST(Decimals, CountsThemWithoutTrailingZeros) {
  EXPECT_EQ(decimals(0), 0);
  EXPECT_EQ(decimals(100'000'000), 0);
  EXPECT_EQ(decimals(10'000'000), 1);
  EXPECT_EQ(decimals(-10'000'000), 1);
  EXPECT_EQ(decimals(1), 8);
  EXPECT_EQ(decimals(kMin), 8);
}

TEST(DecimalText, IsTheShortest) {
  EXPECT_EQ(decimal_text(0), "0");
  EXPECT_EQ(decimal_text(1), "0.00000001");
  EXPECT_EQ(decimal_text(-150'000'000), "-1.5");
  EXPECT_EQ(decimal_text(10'000'000'000'000), "100000");
  EXPECT_EQ(decimal_text(kMax), "92233720368.54775807");
  EXPECT_EQ(decimal_text(kMin), "-92233720368.54775808");
}

TEST(DecimalText, WritesAsManyDecimalsAsAsked) {
  EXPECT_EQ(decimal_text(10'000'000, 2), "0.10");
  EXPECT_EQ(decimal_text(100'000'000, 0), "1");
  EXPECT_EQ(decimal_text(-150'000'000, 1), "-1.5");
  EXPECT_EQ(decimal_text(5'000'000'000, 8), "50.00000000");
  EXPECT_EQ(decimal_text(-1, 8), "-0.00000001");
}

TEST(ScaledText, CountsUnitsOfItsLastDecimal) {
  EXPECT_EQ(scaled_text(-5, 2), "-0.05");
  EXPECT_EQ(scaled_text(12'345, 2), "123.45");
  EXPECT_EQ(scaled_text(100, 2), "1.00");
  EXPECT_EQ(scaled_text(7, 0), "7");
  EXPECT_EQ(scaled_text(0, 3), "0.000");
  EXPECT_EQ(scaled_text(kMin, 0), "-9223372036854775808");
  EXPECT_EQ(scaled_text(kMin, 18), "-9.223372036854775808");
}

TEST(WriteDecimal, ReturnsTheEndOfWhatItWrote) {
  std::string buffer(kLongestDecimal, '#');
  const char* const end = write_decimal(buffer.data(), 1'205, 1);
  EXPECT_EQ(buffer.substr(0, static_cast<std::size_t>(end - buffer.data())), "120.5");
  EXPECT_EQ(buffer[5], '#');
}

TEST(ParseDecimal, IsExactUpToBothEndsOfItsRange) {
  EXPECT_EQ(parse_decimal("0.29"), 29'000'000);
  EXPECT_EQ(parse_decimal("-.5"), -50'000'000);
  EXPECT_EQ(parse_decimal("5."), 500'000'000);
  EXPECT_EQ(parse_decimal("92233720368.54775807"), kMax);
  EXPECT_EQ(parse_decimal("-92233720368.54775808"), kMin);
  EXPECT_EQ(parse_decimal("92233720368.54775808").error(), DecimalFault::OutOfRange);
  EXPECT_EQ(parse_decimal("-92233720368.54775809").error(), DecimalFault::OutOfRange);
}

TEST(ParseDecimal, TakesZerosBeyondTheEighthDecimalAndNothingElse) {
  EXPECT_EQ(parse_decimal("1.1234567800"), 112'345'678);
  EXPECT_EQ(parse_decimal("1.123456789").error(), DecimalFault::TooManyDecimals);
}

TEST(ParseDecimal, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "+1", "1,5", "1.2.3", " 1", "nan", "99999999999999999x"}) {
    EXPECT_EQ(parse_decimal(text).error(), DecimalFault::NotADecimal) << text;
  }
}

TEST(ParseDecimal, TakesAnExponentOnlyWhereAllowed) {
  EXPECT_EQ(parse_decimal("1e6").error(), DecimalFault::NotADecimal);
  EXPECT_EQ(with_exponent("1e6"), 100'000'000'000'000);
  EXPECT_EQ(with_exponent("-2.5E+1"), -2'500'000'000);
  EXPECT_EQ(with_exponent("5e-4"), 50'000);
  EXPECT_EQ(with_exponent("10e-9"), 1);
  EXPECT_EQ(with_exponent("1.00e-8"), 1);
  EXPECT_EQ(with_exponent("1e-9"), std::nullopt);
  EXPECT_EQ(with_exponent("100e-11"), std::nullopt);
  EXPECT_EQ(with_exponent("1000e-11"), 1);
  EXPECT_EQ(with_exponent("1e11"), std::nullopt);
  EXPECT_EQ(with_exponent("0e18"), 0);
  EXPECT_EQ(with_exponent("0e19"), std::nullopt);
  for (const char* text : {"1e", "e5", "1e5x", "1e+-5", "1e1.5"}) {
    EXPECT_EQ(with_exponent(text), std::nullopt) << text;
  }
}

TEST(ParseDecimal, ReadsBackWhatIsWritten) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const auto raw = static_cast<std::int64_t>(random() >> (random() % 64));
    ASSERT_EQ(parse_decimal(decimal_text(raw)), raw);
    ASSERT_EQ(parse_decimal(scaled_text(raw, 8)), raw);
  }
}

TEST(RawOfDouble, GivesBackEveryDoubleOfUpToFifteenDigits) {
  std::mt19937_64 random{7};
  for (int i = 0; i < 100'000; ++i) {
    const auto raw = static_cast<std::int64_t>(random() % 1'000'000'000'000'000);
    ASSERT_EQ(raw_of_double(double_of_raw(raw)), raw);
    ASSERT_EQ(raw_of_double(double_of_raw(-raw)), -raw);
  }
}

TEST(RawOfDouble, HasNothingForNinthDecimalsInfinitiesAndHugeNumbers) {
  EXPECT_EQ(raw_of_double(0.123456789), std::nullopt);
  EXPECT_EQ(raw_of_double(std::numeric_limits<double>::infinity()), std::nullopt);
  EXPECT_EQ(raw_of_double(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
  EXPECT_EQ(raw_of_double(1e12), std::nullopt);
  EXPECT_EQ(raw_of_double(92'233'720'369.0), std::nullopt);
  EXPECT_EQ(raw_of_double(92'233'720'368.0), 9'223'372'036'800'000'000);
}

}  // namespace
}  // namespace toxvol
