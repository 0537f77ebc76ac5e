#include "toxvol/catalog/market/market.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

constexpr Inputs kEverything{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};

template <class Record>
std::vector<Record> all(BlockStream<Record>& stream) {
  std::vector<Record> rows;
  for (auto block = stream.next(); !block.empty(); block = stream.next()) {
    rows.insert(rows.end(), block.begin(), block.end());
  }
  return rows;
}

void ingest_into(const fs::path& raw, const fs::path& catalog) {
  Progress silent;
  IngestOptions options;
  options.raw = {raw};
  options.catalog = catalog;
  options.jobs = 2;
  static_cast<void>(ingest(options, silent));
}

std::vector<InputDigest> digests(OpenedMarket market) {
  static_cast<void>(all(*market.data.trades));
  static_cast<void>(all(*market.data.quotes));
  static_cast<void>(all(*market.data.bars));
  static_cast<void>(all(*market.data.metrics));
  static_cast<void>(all(*market.data.funding));
  return market.inputs->list();
}

TEST(OpenCatalog, CutsToTheWantedTimesByTsEvent) {
  const TestFolder folder;
  std::string text{kTradeHeader};
  for (int i = 0; i < 100; ++i) text += trade_line(i, kJan15 + i / 2);
  folder.put("BTCUSDT-aggTrades-2024-01-15.csv", text);
  ingest_into(folder.raw(), folder.catalog());
  const auto rows = all(
      *open(folder.catalog(), "BTCUSDT", from_ms(kJan15 + 10), from_ms(kJan15 + 20), kEverything)
           .data.trades);
  ASSERT_EQ(rows.size(), 20U);
  EXPECT_EQ(rows.front().agg_trade_id, 20);
  EXPECT_EQ(rows.back().agg_trade_id, 39);
}

// G2: a bar belongs to the range that its minute opens in.
TEST(OpenCatalog, GivesTheBarsThatOpenInTheRange) {
  const TestFolder folder;
  folder.put("BTCUSDT-1m-2024-01-14.csv", std::string{kKlineHeader} + kline_line(kJan15 - 60'000));
  folder.put("BTCUSDT-1m-2024-01-15.csv",
             std::string{kKlineHeader} + kline_line(kJan15) + kline_line(kJan15 + 86'340'000));
  ingest_into(folder.raw(), folder.catalog());
  const Timestamp from = from_ms(kJan15);
  for (const bool raw : {false, true}) {
    const auto market =
        raw ? open_raw({folder.raw()}, "BTCUSDT", from, from + kDay, kEverything, folder.path())
            : open(folder.catalog(), "BTCUSDT", from, from + kDay, kEverything);
    const auto rows = all(*market.data.bars);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].ts_event, from + kMinute);
    EXPECT_EQ(rows[1].ts_event, from + kDay);
  }
}

TEST(OpenCatalog, SaysWhereThereIsNone) {
  const TestFolder folder;
  EXPECT_THROW(static_cast<void>(open(folder.path(), "BTCUSDT", {}, {}, kEverything)), Error);
}

TEST(Coverage, ListsTheDaysOfEachKind) {
  const TestFolder folder;
  folder.put("BTCUSDT-aggTrades-2024-01-15.csv", std::string{kTradeHeader} + trade_line(1, kJan15) +
                                                     trade_line(2, kJan15 + 86'399'999));
  folder.put("BTCUSDT-1m-2024-01-15.csv",
             std::string{kKlineHeader} + kline_line(kJan15 + 86'340'000));
  ingest_into(folder.raw(), folder.catalog());
  const Coverage found = coverage(folder.catalog(), "BTCUSDT");
  const std::vector<Day> only{Day{std::chrono::year{2024} / 1 / 15}};
  EXPECT_EQ(found.days.at(Kind::AggTrades), only);
  EXPECT_EQ(found.days.at(Kind::Klines), only);
  EXPECT_FALSE(found.has(Kind::BookTicker));
  EXPECT_EQ(symbols(folder.catalog()), std::vector<std::string>{"BTCUSDT"});
}

TEST(Inputs, HaveTheSameDigestsFromZipCsvAndCatalogInAnyOrder) {
  const TestFolder plain;
  const TestFolder zipped;
  std::string text{kQuoteHeader};
  std::string disordered{kQuoteHeader};
  for (int i = 0; i < 1'000; ++i) text += quote_line(i, kJan15 + i / 3);
  for (int i = 0; i < 500; ++i) {
    disordered += quote_line(500 + i, kJan15 + (500 + i) / 3);
    disordered += quote_line(i, kJan15 + i / 3);
  }
  plain.put("BTCUSDT-bookTicker-2024-01-15.csv", text);
  zipped.put_zip("BTCUSDT-bookTicker-2024-01-15.zip", "BTCUSDT-bookTicker-2024-01-15.csv",
                 disordered);
  ingest_into(plain.raw(), plain.catalog());
  const Timestamp from = from_ms(kJan15);
  const auto wanted = digests(open(plain.catalog(), "BTCUSDT", from, from + kDay, kEverything));
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0].rows, 1'000);
  EXPECT_EQ(
      digests(open_raw({plain.raw()}, "BTCUSDT", from, from + kDay, kEverything, plain.path())),
      wanted);
  EXPECT_EQ(
      digests(open_raw({zipped.raw()}, "BTCUSDT", from, from + kDay, kEverything, zipped.path())),
      wanted);
}

/// The recorded files of docs/data.md#test-data.
fs::path real_data() {
  if (const char* given = std::getenv("TOXVOL_DATA")) return given;
  return fs::path{TOXVOL_SOURCE_DIR} / "../shared/data/raw";
}

TEST(RealFiles, ComeBackFromTheCatalogAsTheyWereRead) {
  if (!fs::is_directory(real_data())) GTEST_SKIP() << "no " << real_data();
  const TestFolder folder;
  ingest_into(real_data(), folder.catalog());
  const Timestamp from{};
  const Timestamp to = from_ms(4'000'000'000'000);
  for (const std::string symbol : {"BTCUSDT", "NEARUSDT"}) {
    const auto stored = digests(open(folder.catalog(), symbol, from, to, kEverything));
    const auto raw = digests(open_raw({real_data()}, symbol, from, to, kEverything, folder.path()));
    EXPECT_FALSE(stored.empty());
    EXPECT_EQ(stored, raw);
  }
  const auto rows = all(*open(folder.catalog(), "BTCUSDT", from, to, kEverything).data.quotes);
  EXPECT_EQ(rows.size(), 110'294U);
}

}  // namespace
}  // namespace toxvol::catalog
