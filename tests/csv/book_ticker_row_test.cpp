#include "toxvol/csv/book_ticker_row.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "tests/csv/text_source.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {
namespace {

auto quote_of(std::string_view line) {
  return parse_book_ticker(test::fields<7>(line), TimeUnit::Milliseconds);
}

TEST(BookTickerRow, HasEveryFieldOfARealRow) {
  const auto quote =
      quote_of("5123107840008,61800.20,2.507,61800.30,2.504,1723161256322,1723161256325");
  ASSERT_TRUE(quote);
  EXPECT_EQ(quote->update_id, 5'123'107'840'008);
  EXPECT_EQ(quote->bid, Price::from_raw(6'180'020'000'000));
  EXPECT_EQ(quote->bid_qty, Qty::from_raw(250'700'000));
  EXPECT_EQ(quote->ask, Price::from_raw(6'180'030'000'000));
  EXPECT_EQ(quote->ask_qty, Qty::from_raw(250'400'000));
  EXPECT_EQ(quote->ts_event, from_ms(1'723'161'256'322));
  EXPECT_EQ(quote->ts_sent, from_ms(1'723'161'256'325));
  EXPECT_EQ(quote->ts_init, Timestamp{});
}

TEST(BookTickerRow, CrossedLockedAndEmptyBooksAreRows) {
  EXPECT_TRUE(quote_of("1,10,1,9,1,1723161256322,1723161256322"));
  EXPECT_TRUE(quote_of("1,10,1,10,1,1723161256322,1723161256322"));
  EXPECT_TRUE(quote_of("1,10,0,11,0.000,1723161256322,1723161256322"));
}

TEST(BookTickerRow, NegativePricesAndSizesAreNot) {
  EXPECT_EQ(quote_of("1,-10,1,11,1,1723161256322,1723161256322").error(),
            (RowError{RowFault::OutOfRange, 1}));
  EXPECT_EQ(quote_of("1,10,-0.001,11,1,1723161256322,1723161256322").error(),
            (RowError{RowFault::OutOfRange, 2}));
  EXPECT_EQ(quote_of("1,10,1,-11,1,1723161256322,1723161256322").error(),
            (RowError{RowFault::OutOfRange, 3}));
  EXPECT_EQ(quote_of("1,10,1,11,-1,1723161256322,1723161256322").error(),
            (RowError{RowFault::OutOfRange, 4}));
}

TEST(BookTickerRow, BothTimesAreOfTheFilesUnit) {
  EXPECT_EQ(quote_of("1,10,1,11,1,1723161256,1723161256322").error(),
            (RowError{RowFault::BadTime, 5}));
  EXPECT_EQ(quote_of("1,10,1,11,1,1723161256322,1723161256322000").error(),
            (RowError{RowFault::BadTime, 6}));
}

}  // namespace
}  // namespace toxvol::csv
