#include "toxvol/catalog/market/market.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ios>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
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
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

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

fs::path manifest_of(const TestFolder& folder) {
  return folder.catalog() / "toxvol" / "manifest.json";
}

/// Replaces what the manifest says under `key`, of the first file.
void falsify(const fs::path& manifest, const std::string& key) {
  std::string text = text_of(manifest);
  const std::size_t at = text.find('"' + key + "\": \"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at + key.size() + 5, 4, "beef");
  std::ofstream{manifest, std::ios::binary} << text;
}

std::string beef(std::string hash) {
  return hash.replace(0, 4, "beef");
}

/// Two days of trades, of which `open` reads [from, to).
class KnownDays : public testing::Test {
 protected:
  void SetUp() override {
    for (std::int64_t day = 0; day < 2; ++day) {
      std::string text{kTradeHeader};
      for (std::int64_t i = 0; i < kRows; ++i) {
        text += trade_line(day * kRows + i, kJan15 + day * 86'400'000 + i * 10);
      }
      folder_.put("BTCUSDT-aggTrades-2024-01-1" + std::to_string(5 + day) + ".csv", text);
    }
    ingest_into(folder_.raw(), folder_.catalog());
  }
  [[nodiscard]] OpenedMarket opened(Duration from, Duration to) const {
    return open(folder_.catalog(), "BTCUSDT", from_ms(kJan15) + from, from_ms(kJan15) + to,
                kEverything);
  }
  [[nodiscard]] std::vector<InputDigest> hashed(Duration from, Duration to) const {
    return digests(open_raw({folder_.raw()}, "BTCUSDT", from_ms(kJan15) + from,
                            from_ms(kJan15) + to, kEverything, folder_.path()));
  }

  static constexpr int kRows = 70'000;  // more than a block
  TestFolder folder_;
};

TEST_F(KnownDays, AreTakenFromTheManifestWhereTheyAreReadWhole) {
  const auto wanted = hashed({}, 2 * kDay);
  ASSERT_EQ(wanted.size(), 2U);
  EXPECT_EQ(digests(opened({}, 2 * kDay)), wanted);
  falsify(manifest_of(folder_), "rows_sha256");
  const auto found = digests(opened({}, 2 * kDay));
  EXPECT_EQ(found[0].sha256, beef(wanted[0].sha256));
  EXPECT_EQ(found[1], wanted[1]);
}

TEST_F(KnownDays, AreHashedWhereTheyAreCut) {
  falsify(manifest_of(folder_), "rows_sha256");
  for (const auto& [from, to] :
       {std::pair{kMinute, kDay}, std::pair{Duration{}, kMinute}, std::pair{kMinute, 2 * kDay}}) {
    EXPECT_EQ(digests(opened(from, to)), hashed(from, to));
  }
}

TEST_F(KnownDays, AreRefusedWhereAFileIsNotTheOneThatIngestWrote) {
  falsify(manifest_of(folder_), "xxh3");
  for (const Duration from : {Duration{}, Duration{kMinute}}) {  // also where the day is cut
    try {
      (void)digests(opened(from, 2 * kDay));
      FAIL() << "read a file that was changed";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Corrupt);
      EXPECT_NE(std::string{error.what()}.find("2024-01-15T00-00-00"), std::string::npos);
      EXPECT_NE(std::string{error.what()}.find("not the file that ingest wrote (xxh3 "),
                std::string::npos);
    }
  }
  EXPECT_NO_THROW((void)digests(opened(kDay, 2 * kDay))) << "the file of the other day";
}

/// The ids of the trades in each part, one part after the other.
std::vector<std::int64_t> ids_in(BlockStream<Trade>& stream) {
  std::vector<std::int64_t> ids;
  for (auto block = stream.next(); !block.empty(); block = stream.next()) {
    for (const Trade& row : block) ids.push_back(static_cast<std::int64_t>(row.agg_trade_id));
  }
  return ids;
}

TEST_F(KnownDays, InPartsHaveTheRowsThatEachPartHasAlone) {
  const Timestamp begin = from_ms(kJan15);
  const auto at = [&](std::int64_t ms) { return begin + ms * kMillisecond; };
  // Two in one row group, one that touches another, one over midnight, one without rows, one that
  // ends with the data.
  const std::vector<TimeRange> parts{{at(-50), at(-10)},
                                     {at(15), at(31)},
                                     {at(40), at(50)},
                                     {at(50), at(90)},
                                     {at(655'300), at(655'420)},
                                     {at(690'000), at(86'400'025)},
                                     {at(86'400'025), at(86'400'025)},
                                     {at(87'000'000), at(90'000'000)}};
  std::vector<std::int64_t> wanted;
  for (const TimeRange& part : parts) {
    OpenedMarket alone = open(folder_.catalog(), "BTCUSDT", part.from, part.to, kEverything);
    for (const std::int64_t id : ids_in(*alone.data.trades)) wanted.push_back(id);
  }
  ASSERT_GT(wanted.size(), 10'000U);
  const MarketData data = open_parts(folder_.catalog(), "BTCUSDT", parts, kEverything);
  EXPECT_EQ(ids_in(*data.trades), wanted);
  const MarketData none = open_parts(folder_.catalog(), "BTCUSDT", {}, kEverything);
  EXPECT_TRUE(ids_in(*none.trades).empty());
}

TEST_F(KnownDays, InPartsAreRefusedWhereAFileIsNotTheOneThatIngestWrote) {
  falsify(manifest_of(folder_), "xxh3");
  const Timestamp begin = from_ms(kJan15);
  const TimeRange first{begin, begin + kMinute};
  const TimeRange second{begin + kDay, begin + kDay + kMinute};
  const MarketData bad = open_parts(folder_.catalog(), "BTCUSDT", {&first, 1}, kEverything);
  EXPECT_THROW((void)bad.trades->next(), Error);
  const MarketData good = open_parts(folder_.catalog(), "BTCUSDT", {&second, 1}, kEverything);
  EXPECT_EQ(ids_in(*good.trades).size(), 6'000U) << "the file of the other day";
}

TEST_F(KnownDays, AreHashedWithoutAManifest) {
  fs::remove(manifest_of(folder_));
  EXPECT_EQ(digests(opened({}, 2 * kDay)), hashed({}, 2 * kDay));
}

TEST_F(KnownDays, AreHashedAsFarAsTheyWereRead) {
  const OpenedMarket market = opened({}, kDay);
  const auto rows = market.data.trades->next();
  ASSERT_LT(rows.size(), std::size_t{kRows});
  const auto found = market.inputs->list();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rows, static_cast<std::int64_t>(rows.size()));
  EXPECT_EQ(found, hashed({}, rows.back().ts_event - from_ms(kJan15) + kMillisecond));
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
    const fs::path aside = folder.path() / "manifest.json";
    fs::rename(manifest_of(folder), aside);
    EXPECT_EQ(digests(open(folder.catalog(), symbol, from, to, kEverything)), raw);
    fs::rename(aside, manifest_of(folder));
  }
  const auto rows = all(*open(folder.catalog(), "BTCUSDT", from, to, kEverything).data.quotes);
  EXPECT_EQ(rows.size(), 110'294U);
}

}  // namespace
}  // namespace toxvol::catalog
