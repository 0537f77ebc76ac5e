#include "toxvol/catalog/raw/discovery.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

using std::chrono::year;

TEST(ReadName, KnowsTheFiveKindsDailyAndMonthlyCsvAndZip) {
  const auto trades = read_name("a/BTCUSDT-aggTrades-2024-01-31.csv").file;
  ASSERT_TRUE(trades);
  EXPECT_EQ(trades->kind, Kind::AggTrades);
  EXPECT_EQ(trades->symbol, "BTCUSDT");
  EXPECT_EQ(trades->label(), "2024-01-31");
  EXPECT_FALSE(trades->zip);
  const auto quotes = read_name("BTCUSDT-bookTicker-2024-02.zip").file;
  ASSERT_TRUE(quotes);
  EXPECT_EQ(quotes->kind, Kind::BookTicker);
  EXPECT_TRUE(quotes->monthly);
  EXPECT_TRUE(quotes->zip);
  EXPECT_EQ(quotes->period().from, Timestamp{Day{year{2024} / 2 / 1}});
  EXPECT_EQ(quotes->period().to, Timestamp{Day{year{2024} / 3 / 1}});
  EXPECT_EQ(read_name("1000PEPEUSDT-1m-2024-01-31.csv").file->kind, Kind::Klines);
  EXPECT_EQ(read_name("BTCUSDT-metrics-2024-01-31.zip").file->kind, Kind::Metrics);
  EXPECT_EQ(read_name("BTCUSDT-fundingRate-2024-01.zip").file->kind, Kind::Funding);
}

TEST(ReadName, LeavesEverythingElseAlone) {
  for (const char* name :
       {"part-00000-0fae7358-c000.zip", "BTCUSDT-5m-2024-01-31.csv",
        "BTCUSDT-trades-2024-01-31.csv", "BTCUSDT-aggTrades-2024-02-30.csv",
        "BTCUSDT-aggTrades-2024-13.csv", "BTCUSDT-aggTrades-2024-01-31.csv.CHECKSUM",
        "BTCUSDT-aggTrades-2024-01-31.txt", "btcusdt-aggTrades-2024-01-31.csv",
        "futures/um/markPriceKlines/BTCUSDT/1m/BTCUSDT-1m-2024-01-31.csv",
        "futures/indexPriceKlines_1m/BTCUSDT-1m-2024-01-31.csv"}) {
    const NameReading reading = read_name(name);
    EXPECT_FALSE(reading.file) << name;
    EXPECT_FALSE(reading.refused) << name;
  }
}

TEST(ReadName, RefusesSpotCoinMAndDeliveryContracts) {
  EXPECT_NE(read_name("data/spot/daily/aggTrades/BTCUSDT-aggTrades-2024-01-31.zip")
                .refused.value_or("")
                .find("spot"),
            std::string::npos);
  EXPECT_NE(read_name("data/futures/cm/daily/BTCUSD_PERP-aggTrades-2024-01-31.zip")
                .refused.value_or("")
                .find("COIN-M"),
            std::string::npos);
  EXPECT_TRUE(read_name("BTCUSD_PERP-aggTrades-2024-01-31.zip").refused);
  EXPECT_TRUE(read_name("BTCUSDT_240329-aggTrades-2024-01-31.zip").refused);
  EXPECT_FALSE(read_name("spot/copy/futures/um/BTCUSDT-aggTrades-2024-01-31.zip").refused);
}

TEST(ReadName, RefusesADateThatNanosecondsDoNotReach) {
  for (const char* name : {"BTCUSDT-1m-9999-01-01.zip", "BTCUSDT-fundingRate-2300-01.csv",
                           "BTCUSDT-1m-2201-01-01.csv", "BTCUSDT-1m-1969-12-31.csv"}) {
    const NameReading reading = read_name(name);
    EXPECT_FALSE(reading.file) << name;
    EXPECT_EQ(reading.refused, "its date is not of the years 1970 to 2200") << name;
  }
  const NameReading last = read_name("BTCUSDT-fundingRate-2200-12.csv");
  ASSERT_TRUE(last.file);
  EXPECT_EQ(to_string(last.file->period().to), "2201-01-01T00:00:00Z");
}

TEST(Discover, NamesAFolderThatDoesNotExist) {
  try {
    static_cast<void>(discover({"/nowhere/at/all"}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("/nowhere/at/all"), std::string::npos);
  }
}

TEST(Discover, TakesTheSameDayTwiceOnlyIfTheContentsAreTheSame) {
  const TestFolder folder;
  const std::string text = std::string{kTradeHeader} + trade_line(1, kJan15);
  folder.put("a/BTCUSDT-aggTrades-2024-01-15.csv", text);
  folder.put_zip("b/BTCUSDT-aggTrades-2024-01-15.zip", "BTCUSDT-aggTrades-2024-01-15.csv", text);
  EXPECT_EQ(discover({folder.raw()}).files.size(), 1U);
  folder.put("c/BTCUSDT-aggTrades-2024-01-15.csv", text + trade_line(2, kJan15));
  try {
    static_cast<void>(discover({folder.raw()}));
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("/a/"), std::string::npos);
    EXPECT_NE(what.find("/c/"), std::string::npos);
  }
}

TEST(Discover, LetsDailyFilesWinOverTheMonthlyOneDayByDay) {
  const TestFolder folder;
  folder.put("BTCUSDT-aggTrades-2024-01.csv", "x");
  folder.put("BTCUSDT-aggTrades-2024-01-15.csv", "x");
  folder.put("BTCUSDT-aggTrades-2024-02-15.csv", "x");
  const Discovery found = discover({folder.raw()});
  ASSERT_EQ(found.files.size(), 3U);
  EXPECT_TRUE(found.files.back().monthly);
  ASSERT_EQ(found.files.back().superseded.size(), 1U);
  EXPECT_EQ(found.files.back().superseded[0], Day{year{2024} / 1 / 15});
}

}  // namespace
}  // namespace toxvol::catalog
