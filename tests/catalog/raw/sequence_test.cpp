#include "toxvol/catalog/raw/sequence.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/record_fields.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/raw/seen_hash.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/catalog/raw/source_reader.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/source.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {
namespace {

constexpr const char* kName = "BTCUSDT-aggTrades-2024-01-15.csv";

/// A day of trades as a file.
class TradeFile {
 public:
  explicit TradeFile(const std::string& rows) {
    folder_.put(kName, std::string{kTradeHeader} + rows);
    file_ = discover({folder_.raw()}).files.at(0);
    options_.spill_folder = folder_.path();
  }
  [[nodiscard]] const SourceFile& file() const { return file_; }
  [[nodiscard]] const SequenceOptions& options() const { return options_; }

 private:
  TestFolder folder_;
  SourceFile file_;
  SequenceOptions options_;
};

std::vector<std::int64_t> ids_of(SequencedFile<Trade>& rows) {
  std::vector<std::int64_t> ids;
  while (const auto block = rows.next()) {
    for (const Trade& row : block->rows) ids.push_back(row.agg_trade_id);
  }
  return ids;
}

const std::string kOrdered =
    trade_line(1, kJan15) + trade_line(2, kJan15) + trade_line(3, kJan15 + 1);
const std::string kDisordered = trade_line(2, kJan15 + 1) + trade_line(1, kJan15);

TEST(SequencedFile, OfAnOrderedFileEndsInOrder) {
  const TradeFile trades{kOrdered};
  SequencedFile<Trade> rows{trades.file(), trades.options(), Reading::InOrder};
  EXPECT_EQ(ids_of(rows), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_FALSE(rows.is_disordered());
  EXPECT_EQ(rows.counts().kept, 3);
  EXPECT_TRUE(is_ordered<Trade>(trades.file()));
}

TEST(SequencedFile, EndsWhereARowStandsAfterALaterOne) {
  const TradeFile trades{kDisordered};
  SequencedFile<Trade> rows{trades.file(), trades.options(), Reading::InOrder};
  EXPECT_TRUE(ids_of(rows).empty());
  EXPECT_TRUE(rows.is_disordered());
  EXPECT_FALSE(is_ordered<Trade>(trades.file()));
}

TEST(SequencedFile, SortsAnyOrder) {
  const TradeFile trades{kDisordered};
  SequencedFile<Trade> rows{trades.file(), trades.options(), Reading::Sorted};
  EXPECT_EQ(ids_of(rows), (std::vector<std::int64_t>{1, 2}));
  EXPECT_FALSE(rows.is_disordered());
  EXPECT_EQ(rows.counts().repaired, 1);
  EXPECT_EQ(rows.findings().count(quality::Code::TradesInterleaved), 1);
}

TEST(ReadInAnyOrder, ReadsADisorderedFileOnceMore) {
  for (const auto& [text, times] : {std::pair{kOrdered, 1}, std::pair{kDisordered, 2}}) {
    const TradeFile trades{text};
    int reads = 0;
    const auto ids =
        read_in_any_order<Trade>(trades.file(), trades.options(), [&](SequencedFile<Trade>& rows) {
          ++reads;
          return ids_of(rows);
        });
    EXPECT_EQ(reads, times);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    EXPECT_FALSE(ids.empty());
  }
}

/// What a reading gives.
struct Read {
  std::vector<Quote> rows;
  RowCounts counts;
  std::vector<quality::Finding> findings;
};
Read read_quotes(const SourceFile& file, const SequenceOptions& options, Reading reading) {
  SequencedFile<Quote> quotes{file, options, reading};
  Read read;
  while (const auto block = quotes.next()) {
    read.rows.insert(read.rows.end(), block->rows.begin(), block->rows.end());
  }
  EXPECT_FALSE(quotes.is_disordered());
  read.counts = quotes.counts();
  read.findings = quotes.findings().sorted();
  return read;
}

TEST(SequencedFile, JudgesRowsTogetherAsItJudgesEach) {
  // In order, rows are judged 256 at a time where nothing is to be said of them; sorted, one by
  // one.
  const TestFolder folder;
  std::mt19937_64 random{11};
  std::string text{kQuoteHeader};
  std::int64_t id = 1'000;
  std::int64_t ms = kJan15;
  for (int i = 0; i < 5'000; ++i) {
    id += 1 + static_cast<std::int64_t>(random() % 3);
    ms += static_cast<std::int64_t>(random() % 3);
    std::string line = quote_line(id, ms);
    switch (i > 100 && random() % 200 == 0 ? random() % 7 : 99) {
      case 0:
        line = quote_line(id, ms, "42000.1", "42000.1");  // crossed
        break;
      case 1:
        line = quote_line(id, ms, "0", "42000.1");  // empty
        break;
      case 2:
        line = quote_line(id, ms, "41999.95");  // off the tick
        break;
      case 3:
        line += line;  // twice
        break;
      case 4:
        line += quote_line(id, ms, "41999.9");  // its id once more
        break;
      case 5:
        line = quote_line(id, ms += 61'000);  // a gap
        break;
      case 6:
        line += quote_line(id - 500, ms + 1);  // an id that falls
        break;
      default:
        break;
    }
    text += line;
  }
  text += quote_line(id + 1, kJan15 + 86'400'000);  // of another day
  folder.put("BTCUSDT-bookTicker-2024-01-15.csv", text);
  const SourceFile file = discover({folder.raw()}).files.at(0);
  SequenceOptions options;
  options.spill_folder = folder.path();
  options.precision = {.price = 2, .size = 1};
  options.ticks = {{.from = from_ms(kJan15), .value = Price::from_raw(10'000'000)}};
  const Read together = read_quotes(file, options, Reading::InOrder);
  const Read each = read_quotes(file, options, Reading::Sorted);
  EXPECT_EQ(together.findings, each.findings);
  EXPECT_GT(each.findings.size(), 10U);
  EXPECT_EQ(together.counts, each.counts);
  ASSERT_EQ(together.rows.size(), each.rows.size());
  for (std::size_t i = 0; i < each.rows.size(); ++i) {
    EXPECT_EQ(fields(together.rows[i]), fields(each.rows[i])) << i;
  }
}

TEST(SequencedFile, NamesTheRowWithMoreDecimalsThanTheInstrument) {
  const TestFolder folder;
  std::string text{kQuoteHeader};
  for (int i = 0; i < 300; ++i) text += quote_line(i + 1, kJan15 + i);
  text += quote_line(301, kJan15 + 300, "41999.95");
  folder.put("BTCUSDT-bookTicker-2024-01-15.csv", text);
  SequenceOptions options;
  options.precision = {.price = 1, .size = 1};
  SequencedFile<Quote> quotes{discover({folder.raw()}).files.at(0), options, Reading::InOrder};
  try {
    while (quotes.next()) {
    }
    FAIL() << "the file was read";
  } catch (const SourceError& error) {
    EXPECT_NE(std::string{error.what()}.find("csv:302: best_bid_price 41999.95"), std::string::npos)
        << error.what();
  }
}

TEST(SeenHash, IsTheFilesIfItWasReadToItsEnd) {
  const TestFolder folder;
  folder.put(kName, std::string{kTradeHeader} + kOrdered);
  const SourceFile file = discover({folder.raw()}).files.at(0);
  SeenHash seen;
  EXPECT_FALSE(seen.get());
  for (int turn = 0; turn < 2; ++turn) {  // an earlier reading is forgotten
    SourceReader<Trade> reader{file, /*strict=*/false, nullptr, &seen};
    while (!reader.next().empty()) {
    }
    EXPECT_EQ(seen.get(), io::source_hash(file.path));
    const auto source = seen.watch(io::open_source(file.path));
    std::array<char, 5> some{};
    EXPECT_EQ(source->read(some), some.size());
    EXPECT_FALSE(seen.get());
  }
}

quality::Code code_of(const SourceFile& file) {
  try {
    SequencedFile<Trade> rows{file, {}, Reading::InOrder};
    static_cast<void>(ids_of(rows));
  } catch (const SourceError& error) {
    return error.code();
  }
  throw std::runtime_error{"the file was read"};
}

TEST(SequencedFile, TellsAnEmptyFileFromADamagedOneByWhatItIsNotByWords) {
  const TestFolder folder;
  // The folder's name has the words that an error of an empty file would have.
  folder.put("here is empty/BTCUSDT-aggTrades-2024-01-15.zip", "no archive at all");
  EXPECT_EQ(code_of(discover({folder.raw()}).files.at(0)), quality::Code::FileTruncated);
  folder.put("here is empty/BTCUSDT-aggTrades-2024-01-15.zip", "");
  EXPECT_EQ(code_of(discover({folder.raw()}).files.at(0)), quality::Code::FileEmpty);
  std::filesystem::remove_all(folder.raw());
  folder.put_zip("BTCUSDT-aggTrades-2024-01-15.zip", kName, "");
  EXPECT_EQ(code_of(discover({folder.raw()}).files.at(0)), quality::Code::FileEmpty);
  std::filesystem::remove_all(folder.raw());
  folder.put(kName, kTradeHeader);
  EXPECT_EQ(code_of(discover({folder.raw()}).files.at(0)), quality::Code::FileEmpty);
  folder.put(kName, "foo,bar\n1,2\n");
  EXPECT_EQ(code_of(discover({folder.raw()}).files.at(0)), quality::Code::FileUnusable);
}

}  // namespace
}  // namespace toxvol::catalog
