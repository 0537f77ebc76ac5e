#include "toxvol/catalog/raw/sequence.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/core/market.hpp"
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
