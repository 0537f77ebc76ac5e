#include "toxvol/catalog/jobs/ingest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;
using quality::Code;

const Timestamp kBeginning{};
const Timestamp kEnd = from_ms(4'000'000'000'000);

std::vector<Trade> trades_in(const TestFolder& folder) {
  return all(*open(folder.catalog(), "BTCUSDT", kBeginning, kEnd, kEverything).data.trades);
}
std::vector<Quote> quotes_in(const TestFolder& folder) {
  return all(*open(folder.catalog(), "BTCUSDT", kBeginning, kEnd, kEverything).data.quotes);
}

const std::string kTrades = "BTCUSDT-aggTrades-2024-01-15.csv";

TEST(Ingest, GivesEachKindItsBandInsideTheMillisecond) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15) + trade_line(2, kJan15) +
                          trade_line(3, kJan15 + 1));
  folder.put(kQuotesFile,
             std::string{kQuoteHeader} + quote_line(1, kJan15) + quote_line(2, kJan15));
  folder.put("BTCUSDT-1m-2024-01-15.csv", std::string{kKlineHeader} + kline_line(kJan15));
  static_cast<void>(run(folder));
  const auto trades = trades_in(folder);
  ASSERT_EQ(trades.size(), 3U);
  const std::int64_t ns = kJan15 * 1'000'000;
  EXPECT_EQ(to_ns(trades[0].ts_init), ns);
  EXPECT_EQ(to_ns(trades[1].ts_init), ns + 1);
  EXPECT_EQ(to_ns(trades[2].ts_init), ns + 1'000'000);
  EXPECT_EQ(trades[0].aggressor, Side::Sell);
  const auto quotes = quotes_in(folder);
  ASSERT_EQ(quotes.size(), 2U);
  EXPECT_EQ(to_ns(quotes[0].ts_init), ns + 300'000);
  EXPECT_EQ(to_ns(quotes[1].ts_init), ns + 300'001);
  EXPECT_EQ(to_ns(quotes[0].ts_sent), ns + 2'000'000);
  const auto bars =
      all(*open(folder.catalog(), "BTCUSDT", kBeginning, kEnd, kEverything).data.bars);
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(to_ns(bars[0].ts_event), ns + 60'000'000'000);
  EXPECT_EQ(to_ns(bars[0].ts_init), ns + 60'000'000'000 + 800'000);
  EXPECT_EQ(bars[0].taker_buy_volume, Qty::from_raw(525'000'000));
  EXPECT_EQ(bars[0].count, 100);
}

TEST(Ingest, NamesFilesByTheFirstAndLastTsInit) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15 + 1'234) +
                          trade_line(2, kJan15 + 1'234));
  static_cast<void>(run(folder));
  EXPECT_TRUE(fs::exists(folder.catalog() /
                         "data/trade_tick/BTCUSDT-PERP.BINANCE/"
                         "2024-01-15T00-00-01-234000000Z_2024-01-15T00-00-01-234000001Z.parquet"));
}

TEST(Ingest, SortsInterleavedFilesAndSaysSo) {
  const TestFolder folder;
  std::string text{kQuoteHeader};
  for (int i = 0; i < 500; ++i) {
    text += quote_line(i, kJan15 + i / 3);
    text += quote_line(1'000 + i, kJan15 + 40'000'000 + i / 3);
  }
  folder.put(kQuotesFile, text);
  const IngestReport report = run(folder);
  EXPECT_EQ(count(report, Code::BookInterleaved), 499);
  const auto rows = quotes_in(folder);
  ASSERT_EQ(rows.size(), 1'000U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].update_id, static_cast<std::int64_t>(i < 500 ? i : i + 500));
  }
}

TEST(Ingest, SortsARandomFileThatNeedsSpilling) {
  const TestFolder folder;
  std::vector<std::int64_t> ids(600'000);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  std::mt19937_64 random{3};
  for (std::size_t i = ids.size() - 1; i > 0; --i) std::swap(ids[i], ids[random() % (i + 1)]);
  std::string text{kTradeHeader};
  for (const std::int64_t id : ids) text += trade_line(id, kJan15 + id / 10);
  folder.put(kTrades, text);
  static_cast<void>(run(folder));
  const auto rows = trades_in(folder);
  ASSERT_EQ(rows.size(), ids.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].agg_trade_id, static_cast<std::int64_t>(i));
  }
}

TEST(Ingest, DropsExactDuplicatesAndQuarantinesConflictingOnes) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15) + trade_line(1, kJan15) +
                          trade_line(2, kJan15) + trade_line(2, kJan15, "42000.2"));
  const IngestReport report = run(folder);
  EXPECT_EQ(report.kinds[0].rows.read, 4);
  EXPECT_EQ(report.kinds[0].rows.kept, 2);
  EXPECT_EQ(report.kinds[0].rows.dropped, 1);
  EXPECT_EQ(report.kinds[0].rows.quarantined, 1);
  EXPECT_EQ(count(report, Code::DuplicateRow), 1);
  EXPECT_EQ(count(report, Code::DuplicateConflict), 1);
}

TEST(Ingest, QuarantinesBadRowsAndRowsOfAnotherDay) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15) +
                          trade_line(2, kJan15, "0") + trade_line(3, kJan15, "abc") +
                          trade_line(4, kJan15 + 86'400'000) + "5,1,2\n" +
                          trade_line(6, kJan15 - 1) + trade_line(7, kJan15 + 86'399'999));
  const IngestReport report = run(folder);
  EXPECT_EQ(report.kinds[0].rows.read, 7);
  EXPECT_EQ(report.kinds[0].rows.kept, 2);
  EXPECT_EQ(report.kinds[0].rows.quarantined, 5);
  EXPECT_EQ(count(report, Code::BadRow), 3);
  EXPECT_EQ(count(report, Code::RowOutsideDay), 2);
  EXPECT_TRUE(report.skipped.empty());
}

TEST(Ingest, QuarantinesCrossedLockedAndEmptyBooks) {
  const TestFolder folder;
  folder.put(kQuotesFile, std::string{kQuoteHeader} + quote_line(1, kJan15) +
                              quote_line(2, kJan15, "42000.2", "42000.1") +
                              quote_line(3, kJan15, "42000.1", "42000.1") +
                              "4,42000.0,0,42000.1,1," + std::to_string(kJan15) + ',' +
                              std::to_string(kJan15) + '\n');
  const IngestReport report = run(folder);
  EXPECT_EQ(report.kinds[1].rows.kept, 1);
  EXPECT_EQ(count(report, Code::CrossedQuote), 2);
  EXPECT_EQ(count(report, Code::EmptyBook), 1);
}

TEST(Ingest, ReadsCrlfAndByteOrderMarksLikePlainFiles) {
  const TestFolder plain;
  const TestFolder odd;
  const std::string text =
      std::string{kTradeHeader} + trade_line(1, kJan15) + trade_line(2, kJan15);
  plain.put(kTrades, text);
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : text) windows += c == '\n' ? std::string{"\r\n"} : std::string(1, c);
  odd.put(kTrades, windows);
  static_cast<void>(run(plain));
  static_cast<void>(run(odd));
  EXPECT_EQ(tree_of(plain.catalog() / "data"), tree_of(odd.catalog() / "data"));
}

TEST(Ingest, SaysThatTimesAreInMicroseconds) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15 * 1'000 + 7));
  const IngestReport report = run(folder);
  EXPECT_EQ(count(report, Code::UnitMicroseconds), 1);
  ASSERT_EQ(trades_in(folder).size(), 1U);
  EXPECT_EQ(to_ns(trades_in(folder)[0].ts_event), kJan15 * 1'000'000);
}

TEST(Ingest, SurvivesALineOf100Megabytes) {
  const TestFolder folder;
  std::string text = std::string{kTradeHeader} + trade_line(1, kJan15);
  text.append(100'000'000, '7');
  folder.put(kTrades, text + '\n' + trade_line(2, kJan15));
  const IngestReport report = run(folder);
  EXPECT_EQ(report.kinds[0].rows.kept, 2);
  EXPECT_EQ(count(report, Code::BadRow), 1);
}

TEST(Ingest, StopsAtTheFirstBadRowIfStrict) {
  const TestFolder folder;
  folder.put(kTrades,
             std::string{kTradeHeader} + trade_line(1, kJan15) + trade_line(2, kJan15, "abc"));
  try {
    static_cast<void>(run(folder, true));
    FAIL();
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find(kTrades + ":3"), std::string::npos) << what;
    EXPECT_NE(what.find("abc"), std::string::npos) << what;
  }
}

/// A good day beside a bad file: the good one is ingested, the bad one is named.
void expect_skipped(const TestFolder& folder, Code code, std::string_view bad_name) {
  folder.put("BTCUSDT-aggTrades-2024-01-16.csv",
             std::string{kTradeHeader} + trade_line(9, kJan15 + 86'400'000));
  const IngestReport report = run(folder);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_NE(report.skipped[0].find(bad_name), std::string::npos) << report.skipped[0];
  EXPECT_EQ(report.skipped[0].find('\n'), std::string::npos);
  EXPECT_EQ(count(report, code), 1) << report.skipped[0];
  EXPECT_EQ(trades_in(folder).size(), 1U);
}

TEST(Ingest, SkipsAnEmptyFile) {
  const TestFolder folder;
  folder.put(kTrades, "");
  expect_skipped(folder, Code::FileEmpty, kTrades);
}
TEST(Ingest, SkipsAFileWithAHeaderAlone) {
  const TestFolder folder;
  folder.put(kTrades, kTradeHeader);
  expect_skipped(folder, Code::FileEmpty, kTrades);
}
TEST(Ingest, SkipsAFileWithTheHeaderOfAnotherKind) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kQuoteHeader} + quote_line(1, kJan15));
  expect_skipped(folder, Code::FileUnusable, kTrades);
}
TEST(Ingest, SkipsATruncatedZip) {
  const TestFolder folder;
  std::string text{kTradeHeader};
  for (int i = 0; i < 5'000; ++i) text += trade_line(i, kJan15 + i);
  const std::string name = "BTCUSDT-aggTrades-2024-01-15.zip";
  folder.put_zip(name, kTrades, text);
  const auto path = folder.raw() / name;
  fs::resize_file(path, fs::file_size(path) / 2);
  expect_skipped(folder, Code::FileTruncated, name);
}
TEST(Ingest, SkipsAZipThatItsChecksumContradicts) {
  const TestFolder folder;
  const std::string name = "BTCUSDT-aggTrades-2024-01-15.zip";
  folder.put_zip(name, kTrades, std::string{kTradeHeader} + trade_line(1, kJan15));
  folder.put(name + ".CHECKSUM", std::string(64, '0') + "  " + name);
  expect_skipped(folder, Code::ChecksumMismatch, name);
}

TEST(Ingest, SkipsAZipWhoseCsvIsEmpty) {
  const TestFolder folder;
  const std::string name = "BTCUSDT-aggTrades-2024-01-15.zip";
  folder.put_zip(name, kTrades, "");
  expect_skipped(folder, Code::FileEmpty, name);
}
TEST(Ingest, CallsATruncatedZipTruncatedAlthoughItsChecksumDiffersToo) {
  const TestFolder folder;
  std::string text{kTradeHeader};
  for (int i = 0; i < 5'000; ++i) text += trade_line(i, kJan15 + i);
  const std::string name = "BTCUSDT-aggTrades-2024-01-15.zip";
  folder.put_zip(name, kTrades, text);
  const auto path = folder.raw() / name;
  folder.put(name + ".CHECKSUM", io::sha256_hex_of_file(path) + "  " + name);
  fs::resize_file(path, fs::file_size(path) / 2);
  expect_skipped(folder, Code::FileTruncated, name);
}

TEST(Ingest, TakesAZipWithItsChecksumAndGivesTheSameBytesAsTheCsv) {
  const TestFolder zipped;
  const TestFolder plain;
  const std::string text =
      std::string{kTradeHeader} + trade_line(1, kJan15) + trade_line(2, kJan15);
  const std::string name = "BTCUSDT-aggTrades-2024-01-15.zip";
  zipped.put_zip(name, kTrades, text);
  zipped.put(name + ".CHECKSUM", io::sha256_hex_of_file(zipped.raw() / name) + "  " + name);
  plain.put(kTrades, text);
  EXPECT_TRUE(run(zipped).skipped.empty());
  static_cast<void>(run(plain));
  EXPECT_EQ(tree_of(zipped.catalog() / "data"), tree_of(plain.catalog() / "data"));
  EXPECT_NE(text_of(zipped.catalog() / "toxvol/manifest.json").find("\"checksum\": \"ok\""),
            std::string::npos);
}

TEST(Ingest, RefusesSpotAndCoinMInOneLineAndIngestsTheRest) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15));
  folder.put("spot/BTCUSDT-aggTrades-2024-01-15.csv", "1");
  folder.put("cm/BTCUSD_PERP-aggTrades-2024-01-15.csv", "1");
  const IngestReport report = run(folder);
  EXPECT_EQ(report.skipped.size(), 2U);
  EXPECT_EQ(trades_in(folder).size(), 1U);
}

TEST(Ingest, UsesTheDailyFileWhereBothCoverADay) {
  const TestFolder folder;
  folder.put("BTCUSDT-aggTrades-2024-01.csv",
             std::string{kTradeHeader} + trade_line(1, kJan15 - 1) + trade_line(2, kJan15) +
                 trade_line(3, kJan15 + 86'400'000));
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(20, kJan15));
  const IngestReport report = run(folder);
  EXPECT_EQ(count(report, Code::DaySuperseded), 1);
  const auto rows = trades_in(folder);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].agg_trade_id, 1);
  EXPECT_EQ(rows[1].agg_trade_id, 20);
  EXPECT_EQ(rows[2].agg_trade_id, 3);
  const auto raw =
      all(*open_raw({folder.raw()}, "BTCUSDT", kBeginning, kEnd, kEverything, folder.path())
               .data.trades);
  ASSERT_EQ(raw.size(), 3U);
  EXPECT_EQ(raw[1].agg_trade_id, 20);
}

TEST(Ingest, DoesNothingTheSecondTime) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15));
  EXPECT_EQ(run(folder).ingested, 1);
  const auto before = tree_of(folder.catalog());
  const IngestReport again = run(folder);
  EXPECT_EQ(again.ingested, 0);
  EXPECT_EQ(again.unchanged, 1);
  EXPECT_EQ(again.kinds[0].rows.kept, 1);
  EXPECT_EQ(tree_of(folder.catalog()), before);
}

TEST(Ingest, NoticesAChangedSourceAndReplacesTheDay) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15));
  static_cast<void>(run(folder));
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15 + 5));
  const IngestReport report = run(folder);
  ASSERT_EQ(report.changed.size(), 1U);
  EXPECT_EQ(report.changed[0], kTrades);
  EXPECT_EQ(trades_in(folder).size(), 1U);  // one file, not two
  EXPECT_EQ(to_ns(trades_in(folder)[0].ts_event), (kJan15 + 5) * 1'000'000);
}

TEST(Ingest, EndsInTheSameBytesAfterBeingKilledAnywhere) {
  const TestFolder whole;
  const TestFolder killed;
  for (const TestFolder* folder : {&whole, &killed}) {
    for (std::int64_t day = 0; day < 3; ++day) {
      std::string text{kTradeHeader};
      for (int i = 0; i < 100; ++i)
        text += trade_line(day * 100 + i, kJan15 + day * 86'400'000 + i);
      folder->put("BTCUSDT-aggTrades-2024-01-1" + std::to_string(5 + day) + ".csv", text);
    }
    folder->put("BTCUSDT-1m-2024-01-15.csv", std::string{kKlineHeader} + kline_line(kJan15));
  }
  static_cast<void>(run(whole));
  const auto wanted = tree_of(whole.catalog());

  // What a kill may leave: an output without sidecar, a cut sidecar, staging and temporary files,
  // no manifest, a damaged output.
  static_cast<void>(run(killed));
  const fs::path own = killed.catalog() / "toxvol";
  fs::remove(own / "sidecars/aggTrades/BTCUSDT/2024-01-15.json");
  std::ofstream{own / "sidecars/aggTrades/BTCUSDT/2024-01-16.json"} << "{\"schema\": 1, \"pa";
  fs::create_directories(own / "staging");
  std::ofstream{own / "staging/0-BTCUSDT-2024-01-17.parquet"} << "half";
  std::ofstream{killed.catalog() / "data/trade_tick/BTCUSDT-PERP.BINANCE/.x.parquet.abc.tmp"}
      << "half";
  fs::remove(own / "manifest.json");
  fs::remove_all(killed.catalog() / "data/bar");
  static_cast<void>(run(killed));
  EXPECT_EQ(tree_of(killed.catalog()), wanted);
}

TEST(Ingest, GivesTheSameBytesWithOneJobAndWithMany) {
  const TestFolder one;
  const TestFolder many;
  for (const TestFolder* folder : {&one, &many}) {
    for (std::int64_t day = 0; day < 5; ++day) {
      std::string text{kTradeHeader};
      for (int i = 0; i < 50; ++i) text += trade_line(day * 50 + i, kJan15 + day * 86'400'000 + i);
      folder->put("BTCUSDT-aggTrades-2024-01-1" + std::to_string(5 + day) + ".csv", text);
    }
  }
  static_cast<void>(run(one, false, 1));
  static_cast<void>(run(many, false, 4));
  EXPECT_EQ(tree_of(one.catalog()), tree_of(many.catalog()));
}

TEST(Ingest, InfersTickAndLotAndFreezesThem) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15, "1.1340", "10") +
                          trade_line(2, kJan15, "1.1300", "2.5"));
  static_cast<void>(run(folder));
  const auto stored = load_instrument(folder.catalog(), "BTCUSDT");
  ASSERT_TRUE(stored);
  EXPECT_TRUE(stored->instrument.inferred);
  EXPECT_EQ(stored->precision, (Precision{.price = 3, .size = 1}));
  EXPECT_EQ(stored->instrument.tick[0].value, Price::from_raw(100'000));
  EXPECT_EQ(stored->instrument.lot, Qty::from_raw(10'000'000));
  EXPECT_EQ(stored->instrument.min_notional[0].value, Money::from_raw(500'000'000));

  const std::string finer = "BTCUSDT-aggTrades-2024-01-16.csv";
  folder.put(finer, std::string{kTradeHeader} + trade_line(3, kJan15 + 86'400'000, "1.13405"));
  const IngestReport report = run(folder);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_NE(report.skipped[0].find(finer), std::string::npos);
}

TEST(Ingest, NamesAnOutputThatCannotBeWritten) {
  const TestFolder folder;
  folder.put(kTrades, std::string{kTradeHeader} + trade_line(1, kJan15));
  std::ofstream{folder.catalog()} << "a file, not a folder";
  EXPECT_THROW(static_cast<void>(run(folder)), Error);
}

TEST(Ingest, NamesTheFolderWithoutFiles) {
  const TestFolder folder;
  folder.put("readme.txt", "nothing");
  EXPECT_THROW(static_cast<void>(run(folder)), Error);
}

}  // namespace
}  // namespace toxvol::catalog
