#include "toxvol/config/value.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/core/time.hpp"

namespace toxvol::config {
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

TEST(Duration, ComesBackInTheLargestUnitThatDividesIt) {
  EXPECT_EQ(to_text(std::chrono::minutes{90}), "90m");
  EXPECT_EQ(to_text(std::chrono::hours{48}), "2d");
  EXPECT_EQ(to_text(std::chrono::milliseconds{1500}), "1500ms");
  EXPECT_EQ(to_text(Duration{0}), "0s");
}

TEST(Decimal, KeepsEightDecimalsExactly) {
  EXPECT_EQ(parse_e8("0.00000001"), 1);
  EXPECT_EQ(parse_e8("1e7"), 1'000'000'000'000'000);
  EXPECT_EQ(parse_e8("-2.5"), -250'000'000);
  EXPECT_EQ(parse_e8("1.2300000000"), 123'000'000);
}

TEST(Decimal, RefusesANinthDecimalAndWhatIsTooLarge) {
  EXPECT_FALSE(parse_e8("0.000000001"));
  EXPECT_FALSE(parse_e8("92233720368.54775808"));
  EXPECT_EQ(parse_e8("92233720368.54775807"), INT64_MAX);
  for (const char* text : {"", ".", "1.2.3", "abc", "1e", "1e99"}) EXPECT_FALSE(parse_e8(text));
}

TEST(Decimal, IsWrittenWithoutTrailingZeros) {
  EXPECT_EQ(decimal_text(150'000'000), "1.5");
  EXPECT_EQ(decimal_text(-50'000'000), "-0.5");
  EXPECT_EQ(decimal_text(1), "0.00000001");
  EXPECT_EQ(decimal_text(0), "0");
}

}  // namespace
}  // namespace toxvol::config
