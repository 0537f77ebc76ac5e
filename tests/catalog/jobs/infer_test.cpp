#include "toxvol/catalog/jobs/infer.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

// N8: an instrument is inferred from rows that were kept, and from nothing else.
namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

IngestReport ingest_from(const fs::path& raw, const fs::path& catalog) {
  Progress silent;
  IngestOptions options;
  options.raw = {raw};
  options.catalog = catalog;
  options.jobs = 2;
  return ingest(options, silent);
}

/// What the catalog holds of NEARUSDT's precision.
std::optional<Precision> precision_in(const TestFolder& folder) {
  const auto stored = load_instrument(folder.catalog(), "NEARUSDT");
  if (!stored) return std::nullopt;
  return stored->precision;
}

const std::string kBad = "bad/NEARUSDT-aggTrades-2024-01-14.csv";
const std::string kGood = "good/NEARUSDT-aggTrades-2024-01-15.csv";

std::string good_trades() {
  return std::string{kTradeHeader} + trade_line(1, kJan15, "1.367", "12.5") +
         trade_line(2, kJan15 + 5, "1.368", "3");
}

// K7
TEST(InferredInstrument, IsNotFrozenByAFileThatCannotBeUsed) {
  const TestFolder folder;
  folder.put(kBad, "foo,bar,baz\n1,2,3\n");
  folder.put(kGood, good_trades());
  EXPECT_EQ(ingest_from(folder.raw() / "bad", folder.catalog()).skipped.size(), 1U);
  EXPECT_FALSE(precision_in(folder));
  EXPECT_FALSE(fs::exists(folder.catalog() / "data"));
  EXPECT_TRUE(symbols(folder.catalog()).empty());  // a catalog all the same: it names the file

  EXPECT_TRUE(ingest_from(folder.raw() / "good", folder.catalog()).skipped.empty());
  static_cast<void>(ingest_from(folder.raw() / "good", folder.path() / "good_alone"));
  EXPECT_EQ(tree_of(folder.catalog() / "data"), tree_of(folder.path() / "good_alone/data"));
  EXPECT_EQ(tree_of(folder.catalog() / "toxvol/instruments"),
            tree_of(folder.path() / "good_alone/toxvol/instruments"));
}

TEST(InferredInstrument, IsInferredAgainWhereAnOlderCatalogHasItFromNoKeptRow) {
  const TestFolder folder;
  folder.put(kBad, "foo,bar,baz\n1,2,3\n");
  folder.put(kGood, good_trades());
  static_cast<void>(ingest_from(folder.raw() / "bad", folder.catalog()));
  save(folder.catalog(), infer_instrument("NEARUSDT", {.price = 0, .size = 0}));
  fs::create_directories(folder.catalog() / "data/crypto_perpetual/NEARUSDT-PERP.BINANCE");

  static_cast<void>(ingest_from(folder.raw() / "bad", folder.catalog()));
  EXPECT_FALSE(precision_in(folder));
  EXPECT_FALSE(fs::exists(folder.catalog() / "data/crypto_perpetual/NEARUSDT-PERP.BINANCE"));
  save(folder.catalog(), infer_instrument("NEARUSDT", {.price = 0, .size = 0}));
  EXPECT_TRUE(ingest_from(folder.raw() / "good", folder.catalog()).skipped.empty());
  EXPECT_EQ(precision_in(folder), (Precision{.price = 3, .size = 1}));
}

TEST(InferredInstrument, IsNotFrozenByKindsThatHaveNoPrices) {
  const TestFolder folder;
  folder.put("funding/NEARUSDT-fundingRate-2024-01.csv",
             "calc_time,funding_interval_hours,last_funding_rate\n1704067200000,8,0.0001\n");
  folder.put(kGood, good_trades());
  EXPECT_EQ(ingest_from(folder.raw() / "funding", folder.catalog()).ingested, 1);
  EXPECT_FALSE(precision_in(folder));
  EXPECT_TRUE(ingest_from(folder.raw(), folder.catalog()).skipped.empty());
  static_cast<void>(ingest_from(folder.raw(), folder.path() / "at_once"));
  EXPECT_EQ(tree_of(folder.catalog()), tree_of(folder.path() / "at_once"));
}

TEST(InferredInstrument, DoesNotSeeTheNumbersOfQuarantinedRows) {
  const TestFolder folder;
  folder.put("NEARUSDT-aggTrades-2024-01-15.csv",
             std::string{kTradeHeader} + trade_line(1, kJan15 - 1, "1.12345", "1.123") +
                 trade_line(2, kJan15, "1.36", "12.5") +
                 trade_line(2, kJan15, "1.36789", "12.5"));  // the id again: the first stays
  folder.put("NEARUSDT-bookTicker-2024-01-15.csv", std::string{kQuoteHeader} +
                                                       quote_line(1, kJan15, "1.3712", "1.3711") +
                                                       quote_line(2, kJan15, "1.37", "1.38"));
  static_cast<void>(ingest_from(folder.raw(), folder.catalog()));
  EXPECT_EQ(precision_in(folder), (Precision{.price = 2, .size = 1}));
}

TEST(InferredInstrument, DoesNotSeeAConflictingRowOfADisorderedFile) {
  const TestFolder folder;
  folder.put("NEARUSDT-aggTrades-2024-01-15.csv", std::string{kTradeHeader} +
                                                      trade_line(1, kJan15, "1.36", "12.5") +
                                                      trade_line(3, kJan15 + 9, "1.36", "12.5") +
                                                      trade_line(1, kJan15, "1.36789", "12.5"));
  static_cast<void>(ingest_from(folder.raw(), folder.catalog()));
  EXPECT_EQ(precision_in(folder), (Precision{.price = 2, .size = 1}));
}

TEST(InferredInstrument, DoesNotSeeAFileThatIsNotWhatItsChecksumSays) {
  const TestFolder folder;
  const std::string wrong = "NEARUSDT-aggTrades-2024-01-14.csv";
  folder.put(wrong,
             std::string{kTradeHeader} + trade_line(1, kJan15 - 86'400'000, "1.12345", "1.123"));
  folder.put(wrong + ".CHECKSUM", std::string(64, '0') + "  " + wrong);
  folder.put("NEARUSDT-aggTrades-2024-01-15.csv", good_trades());
  EXPECT_EQ(ingest_from(folder.raw(), folder.catalog()).skipped.size(), 1U);
  EXPECT_EQ(precision_in(folder), (Precision{.price = 3, .size = 1}));
}

/// The tick had a decimal more until 2021; only AAVEUSDT has files of that time.
TEST(KnownInstrument, HasThePrecisionOfItsOwnFilesWhereNoneHasPrices) {
  const TestFolder folder;
  folder.put("AAVEUSDT-1m-2020-06-01.csv", std::string{kKlineHeader});
  folder.put("NEARUSDT-metrics-2024-01-15.csv", "");
  const auto files = discover({folder.raw()}).files;
  ASSERT_EQ(files.front().symbol, "AAVEUSDT");
  const auto table = [](std::string_view symbol) {
    Instrument known;
    known.symbol = symbol;
    known.tick = {
        {.from = {}, .value = Price::from_raw(100'000)},
        {.from = Timestamp{*parse_day("2021-01-01")}, .value = Price::from_raw(1'000'000)}};
    known.lot = Qty::from_raw(100'000'000);
    return std::optional{known};
  };
  Progress silent;
  const auto precision = [&](const std::string& symbol) {
    return find_instrument(files, symbol, table, 1, folder.path(), silent).value().precision.price;
  };
  EXPECT_EQ(precision("NEARUSDT"), 2);
  EXPECT_EQ(precision("AAVEUSDT"), 3);
  EXPECT_FALSE(find_instrument(files, "BTCUSDT", table, 1, folder.path(), silent));
}

TEST(InferredInstrument, OfRawFilesWithoutAUsableRowIsAnErrorThatNamesTheSymbol) {
  const TestFolder folder;
  folder.put(kBad, "foo,bar,baz\n1,2,3\n");
  Progress silent;
  const auto files = discover({folder.raw()}).files;
  try {
    static_cast<void>(instrument_of(files, "NEARUSDT", {}, 1, folder.path(), silent));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("NEARUSDT"), std::string::npos);
  }
}

}  // namespace
}  // namespace toxvol::catalog
