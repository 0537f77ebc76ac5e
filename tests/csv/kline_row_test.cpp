#include "toxvol/csv/kline_row.hpp"

#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

auto bar_of(std::string_view line, TimeUnit unit = TimeUnit::Milliseconds) {
  return parse_kline(test::fields<12>(line), unit);
}
/// A good row but for its prices.
auto parse_prices(std::string_view ohlc) {
  return bar_of(fmt::format("1582329600000,{},1,1582329659999,1,1,1,1,0", ohlc));
}
/// A good row but for the part from the volume on.
auto parse_rest(std::string_view rest) {
  return bar_of(fmt::format("1582329600000,2,4,1,3,{}", rest));
}

TEST(KlineRow, HasEveryFieldOfARealRow) {
  const auto bar = bar_of(
      "1582329600000,9682,9684.69,9681.28,9682.31,35.713,1582329659999,345808.16502,90,23.889,"
      "231311.19799,0");
  ASSERT_TRUE(bar);
  EXPECT_EQ(bar->ts_event, from_ms(1'582'329'660'000));  // the minute's end
  EXPECT_EQ(bar->ts_init, Timestamp{});
  EXPECT_EQ(bar->open, Price::from_raw(968'200'000'000));
  EXPECT_EQ(bar->high, Price::from_raw(968'469'000'000));
  EXPECT_EQ(bar->low, Price::from_raw(968'128'000'000));
  EXPECT_EQ(bar->close, Price::from_raw(968'231'000'000));
  EXPECT_EQ(bar->volume, Qty::from_raw(3'571'300'000));
  EXPECT_EQ(bar->quote_volume, Money::from_raw(34'580'816'502'000));
  EXPECT_EQ(bar->count, 90);
  EXPECT_EQ(bar->taker_buy_volume, Qty::from_raw(2'388'900'000));
  EXPECT_EQ(bar->taker_buy_quote_volume, Money::from_raw(23'131'119'799'000));
}

TEST(KlineRow, OpenAndCloseMayTouchTheRangeButNotLeaveIt) {
  EXPECT_TRUE(parse_prices("1,4,1,4"));
  EXPECT_TRUE(parse_prices("4,4,1,1"));
  EXPECT_TRUE(parse_prices("2,2,2,2"));
  EXPECT_EQ(parse_prices("4.1,4,1,2").error(), (RowError{RowFault::Inconsistent, 1}));
  EXPECT_EQ(parse_prices("0.9,4,1,2").error(), (RowError{RowFault::Inconsistent, 1}));
  EXPECT_EQ(parse_prices("2,4,1,4.1").error(), (RowError{RowFault::Inconsistent, 4}));
  EXPECT_EQ(parse_prices("2,4,1,0.9").error(), (RowError{RowFault::Inconsistent, 4}));
  EXPECT_EQ(parse_prices("2,1,4,2").error(), (RowError{RowFault::Inconsistent, 2}));
}

TEST(KlineRow, PricesAreAboveZero) {
  EXPECT_EQ(parse_prices("0,4,0,2").error(), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(parse_prices("2,4,0,2").error(), (RowError{RowFault::OutOfRange, 3}));
  EXPECT_EQ(parse_prices("2,4,-1,2").error(), (RowError{RowFault::OutOfRange, 3}));
}

TEST(KlineRow, VolumesAndCountMayBeZeroButNotNegative) {
  EXPECT_TRUE(parse_rest("0,1582329659999,0,0,0,0,0"));
  EXPECT_EQ(parse_rest("-1,1582329659999,0,0,0,0,0").error(), (RowError{RowFault::OutOfRange, 5}));
  EXPECT_EQ(parse_rest("0,1582329659999,-1,0,0,0,0").error(), (RowError{RowFault::OutOfRange, 7}));
  EXPECT_EQ(parse_rest("0,1582329659999,0,-1,0,0,0").error(), (RowError{RowFault::OutOfRange, 8}));
  EXPECT_EQ(parse_rest("0,1582329659999,0,0,-1,0,0").error(), (RowError{RowFault::OutOfRange, 9}));
  EXPECT_EQ(parse_rest("0,1582329659999,0,0,0,-1,0").error(), (RowError{RowFault::OutOfRange, 10}));
}

TEST(KlineRow, ClosesOneUnitBeforeTheNextMinute) {
  EXPECT_EQ(parse_rest("0,1582329659998,0,0,0,0,0").error(), (RowError{RowFault::Inconsistent, 6}));
  EXPECT_EQ(parse_rest("0,1582329660000,0,0,0,0,0").error(), (RowError{RowFault::Inconsistent, 6}));
  EXPECT_TRUE(
      bar_of("1582329600000000,2,4,1,3,1,1582329659999999,1,1,1,1,0", TimeUnit::Microseconds));
  EXPECT_FALSE(
      bar_of("1582329600000000,2,4,1,3,1,1582329659999000,1,1,1,1,0", TimeUnit::Microseconds));
}

TEST(KlineRow, OpensOnTheMinute) {
  EXPECT_EQ(bar_of("1582329600001,2,4,1,3,1,1582329660000,1,1,1,1,0").error(),
            (RowError{RowFault::BadTime, 0}));
  EXPECT_EQ(bar_of("1582329601000,2,4,1,3,1,1582329660999,1,1,1,1,0").error(),
            (RowError{RowFault::BadTime, 0}));
}

TEST(KlineRow, TheIgnoredColumnIsIgnored) {
  EXPECT_TRUE(parse_rest("0,1582329659999,0,0,0,0,x"));
}

}  // namespace
}  // namespace toxvol::csv
