#include "toxvol/csv/agg_trade_row.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

auto trade_of(std::string_view line, TimeUnit unit = TimeUnit::Milliseconds) {
  return parse_agg_trade(test::fields<7>(line), unit);
}
RowError error_of(std::string_view line) {
  const auto trade = trade_of(line);
  EXPECT_FALSE(trade) << line;
  return trade ? RowError{RowFault::LineTooLong, -2} : trade.error();
}

TEST(AggTradeRow, HasEveryFieldOfARealRow) {
  const auto trade =
      trade_of("5266583935,61800.30,0.205,5266583930,5266583936,1723161256322,false");
  ASSERT_TRUE(trade);
  EXPECT_EQ(trade->agg_trade_id, 5'266'583'935);
  EXPECT_EQ(trade->price, Price::from_raw(6'180'030'000'000));
  EXPECT_EQ(trade->qty, Qty::from_raw(20'500'000));
  EXPECT_EQ(trade->first_trade_id, 5'266'583'930);
  EXPECT_EQ(trade->last_trade_id, 5'266'583'936);
  EXPECT_EQ(trade->ts_event, from_ms(1'723'161'256'322));
  EXPECT_EQ(trade->ts_init, Timestamp{});
  EXPECT_EQ(trade->aggressor, Side::Buy);
}

TEST(AggTradeRow, AMakingBuyerMeansASellingAggressorInBothSpellings) {
  EXPECT_EQ(trade_of("1,1,1,1,1,1723161256322,true")->aggressor, Side::Sell);
  EXPECT_EQ(trade_of("1,1,1,1,1,1723161256322,True")->aggressor, Side::Sell);
  EXPECT_EQ(trade_of("1,1,1,1,1,1723161256322,False")->aggressor, Side::Buy);
}

TEST(AggTradeRow, PriceAndQuantityBeginAboveZero) {
  EXPECT_TRUE(trade_of("1,0.00000001,0.00000001,1,1,1723161256322,true"));
  EXPECT_EQ(error_of("1,0,1,1,1,1723161256322,true"), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(error_of("1,-1,1,1,1,1723161256322,true"), (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(error_of("1,1,0.000,1,1,1723161256322,true"), (RowError{RowFault::OutOfRange, 2}));
}

TEST(AggTradeRow, TheFirstFaultyColumnIsNamed) {
  EXPECT_EQ(error_of("x,y,1,1,1,1723161256322,true"), (RowError{RowFault::BadInteger, 0}));
  EXPECT_EQ(error_of("1,,1,1,1,1723161256322,true"), (RowError{RowFault::BadDecimal, 1}));
  EXPECT_EQ(error_of("1,1,1.123456789,1,1,1723161256322,true"),
            (RowError{RowFault::TooManyDecimals, 2}));
  EXPECT_EQ(error_of("1,1,1,,1,1723161256322,true"), (RowError{RowFault::BadInteger, 3}));
  EXPECT_EQ(error_of("1,1,1,1,1.5,1723161256322,true"), (RowError{RowFault::BadInteger, 4}));
  EXPECT_EQ(error_of("1,1,1,1,1,1723161256322000,true"), (RowError{RowFault::BadTime, 5}));
  EXPECT_EQ(error_of("1,1,1,1,1,1723161256322,yes"), (RowError{RowFault::BadFlag, 6}));
}

TEST(AggTradeRow, MicrosecondsAreKeptToTheLast) {
  EXPECT_EQ(trade_of("1,1,1,1,1,1735689600000123,true", TimeUnit::Microseconds)->ts_event,
            from_ns(1'735'689'600'000'123'000));
}

}  // namespace
}  // namespace toxvol::csv
