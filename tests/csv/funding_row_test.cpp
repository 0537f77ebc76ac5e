#include "toxvol/csv/funding_row.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

auto funding_of(std::string_view line) {
  return parse_funding(test::fields<3>(line), TimeUnit::Milliseconds);
}

TEST(FundingRow, HasEveryFieldOfARealRow) {
  const auto funding = funding_of("1580544000003,8,0.00065667");
  ASSERT_TRUE(funding);
  EXPECT_EQ(funding->ts_event, from_ms(1'580'544'000'003));
  EXPECT_EQ(funding->ts_init, Timestamp{});
  EXPECT_EQ(funding->interval_hours, 8);
  EXPECT_EQ(funding->rate, Rate::from_raw(65'667));
  EXPECT_EQ(funding_of("1580544000003,1,-0.003")->rate, Rate::from_raw(-300'000));
}

TEST(FundingRow, TheIntervalBeginsAtOneHour) {
  EXPECT_TRUE(funding_of("1580544000003,1,0"));
  EXPECT_EQ(funding_of("1580544000003,0,0").error(), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(funding_of("1580544000003,-8,0").error(), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(funding_of("1580544000003,4294967304,0").error(), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(funding_of("1580544000003,,0").error(), (RowError{RowFault::BadInteger, 1}));
}

TEST(FundingRow, TheIntervalEndsAtTenYears) {
  EXPECT_TRUE(funding_of("1580544000003,87600,0"));
  EXPECT_EQ(funding_of("1580544000003,87601,0").error(), (RowError{RowFault::OutOfRange, 1}));
}

TEST(FundingRow, OtherFaultsAreNamed) {
  EXPECT_EQ(funding_of("x,8,0").error(), (RowError{RowFault::BadInteger, 0}));
  EXPECT_EQ(funding_of("1,8,0").error(), (RowError{RowFault::BadTime, 0}));
  EXPECT_EQ(funding_of("1580544000003,8,").error(), (RowError{RowFault::BadDecimal, 2}));
}

}  // namespace
}  // namespace toxvol::csv
