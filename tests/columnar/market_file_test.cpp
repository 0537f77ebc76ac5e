#include "toxvol/columnar/market_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_columns.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::columnar {
namespace {

namespace fs = std::filesystem;

const MarketFormat kFormat{
    .instrument_id = "BTCUSDT-PERP.BINANCE", .price_precision = 1, .size_precision = 3};

std::string hex_of_raw(std::int64_t units) {
  std::array<std::uint8_t, kRawBytes> bytes{};
  put_raw(units, bytes.data());
  std::string text;
  for (const std::uint8_t byte : bytes) {
    char pair[3];
    std::snprintf(pair, sizeof pair, "%02x", byte);
    text += pair;
  }
  return text;
}

template <class Record>
std::string file_of(const std::vector<Record>& rows, const MarketFormat& format = kFormat) {
  std::string bytes;
  MarketWriter<Record> writer{[&](std::span<const std::byte> piece) {
                                bytes.append(reinterpret_cast<const char*>(piece.data()),
                                             piece.size());
                              },
                              format};
  writer.write(rows);
  writer.close();
  return bytes;
}

/// A file on disk that goes away with the test.
class OnDisk {
 public:
  explicit OnDisk(const std::string& bytes) { std::ofstream{path_, std::ios::binary} << bytes; }
  ~OnDisk() { fs::remove_all(folder_); }
  OnDisk(const OnDisk&) = delete;
  OnDisk& operator=(const OnDisk&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  fs::path folder_ = toxvol::test::fresh_folder();
  std::string path_ = folder_ / "market.parquet";
};

std::vector<Quote> some_quotes(std::size_t count) {
  std::mt19937_64 random{1};
  std::vector<Quote> rows;
  std::int64_t ns = 1'700'000'000'000'000'000;
  for (std::size_t i = 0; i < count; ++i) {
    ns += static_cast<std::int64_t>(random() % 3) * 1'000'000;
    const auto bid = static_cast<std::int64_t>(600'000 + random() % 50) * 10'000'000;
    rows.push_back({.ts_event = from_ns(ns),
                    .ts_init = from_ns(ns + 300'000 + static_cast<std::int64_t>(i % 1000)),
                    .update_id = static_cast<std::int64_t>(i) * 7,
                    .bid = Price::from_raw(bid),
                    .ask = Price::from_raw(bid + 10'000'000),
                    .bid_qty = Qty::from_raw(static_cast<std::int64_t>(random() % 9000) * 100'000),
                    .ask_qty = Qty::from_raw(static_cast<std::int64_t>(random() % 9000) * 100'000),
                    .ts_sent = from_ns(ns + 2'000'000)});
  }
  return rows;
}

// nautilus.md §2.3, test vectors.
TEST(MarketRaw, GivesTheBytesOfNautilusTradersTestVectors) {
  EXPECT_EQ(hex_of_raw(6'234'560'000'000), "0000f0ddc9a830cc2100000000000000");
  EXPECT_EQ(hex_of_raw(100'000), "00a0724e180900000000000000000000");
  EXPECT_EQ(hex_of_raw(125'000'000), "0040b10baf682c000000000000000000");
  EXPECT_EQ(hex_of_raw(-150'000'000), "00805e5894b5caffffffffffffffffff");
}

TEST(MarketRaw, ComesBackFromItsBytesOverTheWholeRange) {
  std::array<std::uint8_t, kRawBytes> bytes{};
  for (const std::int64_t units :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    put_raw(units, bytes.data());
    EXPECT_EQ(get_raw(bytes.data()), units);
  }
}

TEST(MarketRaw, RefusesWhatIsNoWholeMultipleOf1e8) {
  std::array<std::uint8_t, kRawBytes> bytes{};
  put_raw(1, bytes.data());
  bytes[0] ^= 1;
  EXPECT_EQ(get_raw(bytes.data()), std::nullopt);
}

TEST(MarketRaw, RefusesWhatDoesNotFit64Bits) {
  std::array<std::uint8_t, kRawBytes> bytes{};
  put_raw(std::numeric_limits<std::int64_t>::max(), bytes.data());
  bytes[15] = 0x01;
  EXPECT_EQ(get_raw(bytes.data()), std::nullopt);
}

TEST(MarketFile, ReadsBackTheQuotesItWroteOverSeveralRowGroups) {
  const auto rows = some_quotes(150'000);
  const OnDisk file{file_of(rows)};
  MarketReader<Quote> reader{file.path()};
  EXPECT_TRUE(reader.ours());
  EXPECT_EQ(reader.rows(), 150'000);
  EXPECT_EQ(reader.format().instrument_id, kFormat.instrument_id);
  EXPECT_EQ(reader.format().price_precision, 1);
  EXPECT_EQ(reader.format().size_precision, 3);
  std::size_t at = 0;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    ASSERT_LE(block.size(), 65'536U);
    for (const Quote& row : block) {
      const Quote& wanted = rows[at++];
      ASSERT_EQ(row.ts_event, wanted.ts_event);
      ASSERT_EQ(row.ts_init, wanted.ts_init);
      ASSERT_EQ(row.update_id, wanted.update_id);
      ASSERT_EQ(row.bid, wanted.bid);
      ASSERT_EQ(row.ask, wanted.ask);
      ASSERT_EQ(row.bid_qty, wanted.bid_qty);
      ASSERT_EQ(row.ask_qty, wanted.ask_qty);
      ASSERT_EQ(row.ts_sent, wanted.ts_sent);
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST(MarketFile, HasTheSameBytesHoweverTheRowsWereHandedOver) {
  const auto rows = some_quotes(70'000);
  std::string pieces;
  MarketWriter<Quote> writer{[&](std::span<const std::byte> piece) {
                               pieces.append(reinterpret_cast<const char*>(piece.data()),
                                             piece.size());
                             },
                             kFormat};
  for (std::size_t at = 0; at < rows.size(); at += 777) {
    writer.write(std::span{rows}.subspan(at, std::min<std::size_t>(777, rows.size() - at)));
  }
  writer.close();
  EXPECT_EQ(pieces, file_of(rows));
}

// The pages are ours, the reader is Arrow's.
TEST(MarketFile, GivesBackEveryValueThatARecordCanHave) {
  std::mt19937_64 random{3};
  for (const std::size_t distinct : {1U, 2U, 256U, 257U, 65'536U}) {
    std::vector<std::int64_t> values(distinct);
    for (std::int64_t& value : values) {
      value = static_cast<std::int64_t>(random()) >> (random() % 64);
    }
    values.front() = std::numeric_limits<std::int64_t>::min();
    values.back() = std::numeric_limits<std::int64_t>::max();
    for (const std::size_t count : {1U, 7U, 65'536U, 65'537U}) {
      std::vector<Quote> rows(count);
      for (std::size_t i = 0; i < count; ++i) {
        const auto any = [&] { return values[random() % values.size()]; };
        rows[i] = {.ts_event = from_ns(any()),
                   .ts_init = from_ns(static_cast<std::int64_t>(i)),
                   .update_id = any(),
                   .bid = Price::from_raw(any()),
                   .ask = Price::from_raw(values[i % values.size()]),
                   .bid_qty = Qty::from_raw(any()),
                   .ask_qty = Qty::from_raw(any()),
                   .ts_sent = from_ns(any())};
      }
      const OnDisk file{file_of(rows)};
      MarketReader<Quote> reader{file.path()};
      std::size_t at = 0;
      for (auto block = reader.next(); !block.empty(); block = reader.next()) {
        for (const Quote& row : block) {
          const Quote& wanted = rows[at++];
          ASSERT_EQ(row.ts_event, wanted.ts_event);
          ASSERT_EQ(row.update_id, wanted.update_id);
          ASSERT_EQ(row.bid, wanted.bid);
          ASSERT_EQ(row.ask, wanted.ask);
          ASSERT_EQ(row.bid_qty, wanted.bid_qty);
          ASSERT_EQ(row.ask_qty, wanted.ask_qty);
          ASSERT_EQ(row.ts_sent, wanted.ts_sent);
        }
      }
      ASSERT_EQ(at, count) << distinct;
    }
  }
}

TEST(MarketFile, KeepsTradesWhoseIdsHaveAnySign) {
  std::mt19937_64 random{4};
  std::vector<Trade> rows(70'000);
  for (Trade& row : rows) {
    row.agg_trade_id = static_cast<std::int64_t>(random()) >> (random() % 64);
    row.aggressor = random() % 2 == 0 ? Side::Buy : Side::Sell;
  }
  const OnDisk file{file_of(rows)};
  MarketReader<Trade> reader{file.path()};
  std::size_t at = 0;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    for (const Trade& row : block) {
      ASSERT_EQ(row.agg_trade_id, rows[at].agg_trade_id);
      ASSERT_EQ(row.aggressor, rows[at].aggressor);
      ++at;
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST(MarketFile, SkipsRowGroupsOutsideTheWantedTimes) {
  const auto rows = some_quotes(250'000);
  const OnDisk file{file_of(rows)};
  const auto at = [&](std::size_t row) {
    return TimeRange{.from = rows[row].ts_init, .to = rows[row + 1].ts_init};
  };
  const auto groups_read = [&](std::vector<TimeRange> parts) {
    MarketReader<Quote> reader{file.path()};
    reader.skip_outside(std::move(parts));
    std::vector<std::size_t> groups;
    for (auto block = reader.next(); !block.empty(); block = reader.next()) {
      for (std::size_t group = 0; group < 4; ++group) {
        if (block.front().update_id == rows[group * 65'536].update_id) groups.push_back(group);
      }
    }
    return groups;
  };
  using Groups = std::vector<std::size_t>;
  EXPECT_EQ(groups_read({at(70'000)}), (Groups{1}));
  EXPECT_EQ(groups_read({at(10), at(20), at(200'000)}), (Groups{0, 3}));
  EXPECT_EQ(groups_read({}), Groups{});
}

// Where it does not take a column, Arrow reads it: nothing fails, and all is slower.
TEST(MarketFile, IsReadByOurOwnDecodersColumnByColumn) {
  const auto rows = some_quotes(70'000);
  const OnDisk on_disk{file_of(rows)};
  const auto file = arrow::io::ReadableFile::Open(on_disk.path()).ValueOrDie();
  const auto metadata = parquet::ParquetFileReader::Open(file)->metadata();
  PageColumns pages;
  pages.open(file, metadata);
  std::size_t first = 0;
  for (int group = 0; group < metadata->num_row_groups(); ++group) {
    pages.go_to(group);
    std::vector<std::int64_t> values(
        static_cast<std::size_t>(metadata->RowGroup(group)->num_rows()));
    for (int column = 0; column < metadata->num_columns(); ++column) {
      const std::string& name = metadata->schema()->Column(column)->name();
      const bool is_fixed = name.find("price") != name.npos || name.find("size") != name.npos;
      ASSERT_TRUE(is_fixed ? pages.read_fixed(column, values) : pages.read_longs(column, values))
          << name;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const Quote& row = rows[first + i];
        ASSERT_TRUE(name != "bid_price" || values[i] == row.bid.raw());
        ASSERT_TRUE(name != "ts_init" || values[i] == to_ns(row.ts_init));
      }
    }
    first += values.size();
  }
  EXPECT_EQ(first, rows.size());
}

TEST(MarketFile, LeavesOutTheRestOfARowGroupThatIsBegun) {
  const auto rows = some_quotes(200'000);
  const OnDisk file{file_of(rows)};
  MarketReader<Quote> reader{file.path()};
  const std::size_t given = reader.next().size();
  ASSERT_LT(given, 65'536U);
  EXPECT_FALSE(reader.skip_before(rows[65'000].ts_init)) << "its row group has rows after that";
  EXPECT_EQ(reader.next().front().update_id, rows[given].update_id);
  EXPECT_TRUE(reader.skip_before(rows[140'000].ts_init));
  EXPECT_EQ(reader.next().front().update_id, rows[2 * 65'536].update_id);
  EXPECT_TRUE(reader.skip_before(rows.back().ts_init + std::chrono::seconds{1}));
  EXPECT_TRUE(reader.at_end());
  EXPECT_TRUE(reader.next().empty());
}

TEST(MarketFile, LeavesTheColumnsOfOursOutOfAPlainFile) {
  const auto rows = some_quotes(70'000);
  MarketFormat format = kFormat;
  format.plain = true;
  const OnDisk file{file_of(rows, format)};
  MarketReader<Quote> reader{file.path()};
  EXPECT_TRUE(reader.format().plain);
  std::size_t at = 0;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    for (const Quote& row : block) {
      const Quote& wanted = rows[at++];
      ASSERT_EQ(row.ts_init, wanted.ts_init);
      ASSERT_EQ(row.ask_qty, wanted.ask_qty);
      ASSERT_EQ(row.update_id, static_cast<std::int64_t>(at));
      ASSERT_EQ(row.ts_sent, wanted.ts_event);
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST(MarketFile, SaysThatAWholeFileIsNotPlain) {
  const OnDisk file{file_of(some_quotes(10))};
  EXPECT_FALSE(MarketReader<Quote>{file.path()}.format().plain);
}

TEST(MarketFile, KeepsTradesWithTheirIdsAndSides) {
  std::vector<Trade> rows;
  rows.reserve(1000);
  for (std::int64_t i = 0; i < 1000; ++i) {
    rows.push_back({.ts_event = from_ms(1'700'000'000'000 + i),
                    .ts_init = from_ms(1'700'000'000'000 + i),
                    .agg_trade_id = 999'500 + i,
                    .price = Price::from_raw(6'000'010'000'000 + i * 10'000'000),
                    .qty = Qty::from_raw(100'000 * (i + 1)),
                    .aggressor = i % 3 == 0 ? Side::Sell : Side::Buy,
                    .first_trade_id = i * 2,
                    .last_trade_id = i * 2 + 1});
  }
  const OnDisk file{file_of(rows)};
  MarketReader<Trade> reader{file.path()};
  const auto block = reader.next();
  ASSERT_EQ(block.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(block[i].agg_trade_id, rows[i].agg_trade_id);
    EXPECT_EQ(block[i].aggressor, rows[i].aggressor);
    EXPECT_EQ(block[i].first_trade_id, rows[i].first_trade_id);
    EXPECT_EQ(block[i].last_trade_id, rows[i].last_trade_id);
    EXPECT_EQ(block[i].price, rows[i].price);
    EXPECT_EQ(block[i].qty, rows[i].qty);
  }
}

TEST(MarketFile, KeepsBlankMetricsBlankAndDoublesBitForBit) {
  Metrics row;
  row.ts_event = from_ms(1'700'000'100'000);
  row.ts_init = row.ts_event + Duration{900'000};
  row.open_interest = 82001.341;
  row.count_ls = 0.78330194;
  const OnDisk file{file_of(std::vector{row})};
  MarketReader<Metrics> reader{file.path()};
  const auto block = reader.next();
  ASSERT_EQ(block.size(), 1U);
  EXPECT_EQ(block[0].open_interest, row.open_interest);
  EXPECT_EQ(block[0].count_ls, row.count_ls);
  EXPECT_EQ(block[0].taker_ls, std::nullopt);
  EXPECT_EQ(block[0].ts_init, row.ts_init);
}

TEST(MarketFile, KeepsKlineFlowAndFundingExactly) {
  const KlineFlow flow{.ts_event = from_ms(1'700'000'040'000),
                       .ts_init = from_ms(1'700'000'040'000) + Duration{799'999},
                       .quote_volume = Money::from_raw(1'253'968'784'930'000),
                       .count = 2531,
                       .taker_buy_volume = Qty::from_raw(2'629'200'000),
                       .taker_buy_quote_volume = Money::from_raw(183'739'847'940'000)};
  const OnDisk file{file_of(std::vector{flow})};
  MarketReader<KlineFlow> reader{file.path()};
  const auto block = reader.next();
  ASSERT_EQ(block.size(), 1U);
  EXPECT_EQ(block[0].quote_volume, flow.quote_volume);
  EXPECT_EQ(block[0].count, flow.count);
  EXPECT_EQ(block[0].taker_buy_volume, flow.taker_buy_volume);
  EXPECT_EQ(block[0].taker_buy_quote_volume, flow.taker_buy_quote_volume);
}

TEST(MarketFile, RefusesAFlowWithMoreDigitsThanADoubleHolds) {
  KlineFlow flow;
  flow.quote_volume = Money::from_raw(900'000'000'000'000'001);  // 18 digits
  EXPECT_THROW(static_cast<void>(file_of(std::vector{flow})), InexactNumber);
}

// Whatever a disk does to a file: it is refused, or read as some rows, and nothing else happens.
TEST(MarketFile, ReadsNothingBeyondADamagedFile) {
  const std::string whole = file_of(some_quotes(300));
  std::uint64_t state = 1;
  int refused = 0;
  for (int round = 0; round < 1'500; ++round) {
    std::string bytes = whole;
    state = splitmix64(state);
    char& byte = bytes[state % bytes.size()];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (state >> 40) % 8));
    const OnDisk file{bytes};
    try {
      MarketReader<Quote> reader{file.path()};
      std::size_t rows = 0;
      for (auto block = reader.next(); !block.empty(); block = reader.next()) rows += block.size();
      EXPECT_LE(rows, 300U);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Corrupt) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(MarketFile, NamesTheFileThatIsNoParquetOrOfAnotherKind) {
  const OnDisk nonsense{"PAR1 this is not one"};
  EXPECT_THROW(MarketReader<Trade>{nonsense.path()}, Error);
  const OnDisk quotes{file_of(some_quotes(3))};
  try {
    const MarketReader<Trade> reader{quotes.path()};
    FAIL() << "quotes read as trades";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find(quotes.path()), std::string::npos);
  }
}

}  // namespace
}  // namespace toxvol::columnar
