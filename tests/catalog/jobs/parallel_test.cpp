#include "toxvol/catalog/jobs/parallel.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "tests/csv/text_source.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/file_reader.hpp"

namespace toxvol::catalog {
namespace {

std::shared_ptr<Piece> piece_of(std::function<void()> work) {
  return std::make_shared<Piece>(std::move(work));
}

TEST(ThreadPool, DoesEachItemAndItsPiecesOnce) {
  for (const int jobs : {1, 2, 5}) {
    ThreadPool pool{jobs};
    std::vector<int> done(200, 0);
    pool.for_each(20, [&](std::size_t item) {
      std::vector<std::shared_ptr<Piece>> pieces;
      for (std::size_t i = 0; i < 10; ++i) {
        pieces.push_back(piece_of([&done, at = item * 10 + i] { ++done[at]; }));
        pool.start(pieces.back());
      }
      for (const auto& piece : pieces) pool.finish(*piece);
    });
    EXPECT_EQ(done, std::vector<int>(200, 1)) << jobs;
  }
}

TEST(ThreadPool, LetsThreadsWithoutAnItemHelp) {
  ThreadPool pool{2};
  std::atomic<bool> is_helped{false};
  pool.for_each(1, [&](std::size_t /*item*/) {
    const auto piece = piece_of([&] { is_helped = true; });
    pool.start(piece);
    while (!is_helped) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    pool.finish(*piece);
  });
  EXPECT_TRUE(is_helped);
}

TEST(ThreadPool, GivesTheFailureOfAPieceToItsOwnerAndOfAnItemToTheCaller) {
  for (const int jobs : {1, 3}) {
    ThreadPool pool{jobs};
    std::atomic<int> caught{0};
    EXPECT_THROW(pool.for_each(4,
                               [&](std::size_t item) {
                                 const auto piece =
                                     piece_of([] { throw std::runtime_error{"piece"}; });
                                 pool.start(piece);
                                 try {
                                   pool.finish(*piece);
                                 } catch (const std::runtime_error&) {
                                   ++caught;
                                 }
                                 if (item == 3) throw std::invalid_argument{"item"};
                               }),
                 std::invalid_argument);
    EXPECT_EQ(caught, 4);
  }
}

TEST(ThreadPool, RunsNoPieceAfterItWasDropped) {
  ThreadPool pool{3};
  std::atomic<int> running{0};
  pool.for_each(50, [&](std::size_t /*item*/) {
    auto local = std::make_unique<int>(0);
    const auto piece = piece_of([&, at = local.get()] {
      ++running;
      ++*at;
      --running;
    });
    pool.start(piece);
    pool.drop(*piece);
    local.reset();  // ASan and TSan see a piece that comes later
  });
  EXPECT_EQ(running, 0);
}

/// A file of quotes with something unusual now and then.
std::string many_quotes() {
  std::string text{kQuoteHeader};
  for (std::int64_t i = 0; i < 40'000; ++i) {
    if (i % 997 == 5) text += "broken," + std::to_string(i) + '\n';
    if (i % 1'501 == 7) text += "\r\n";
    if (i % 7'001 == 9) text += kQuoteHeader;
    std::string line = quote_line(i, kJan15 + i);
    if (i % 3 == 0) line.insert(line.size() - 1, "\r");
    text += line;
  }
  text.pop_back();
  return text;
}

struct PoolReading {
  std::vector<std::int64_t> rows;  // id and line
  std::vector<std::int64_t> bad;
  std::vector<std::size_t> blocks;
  bool operator==(const PoolReading&) const = default;
};
PoolReading read_all(const std::string& text, Workers* workers) {
  PoolReading reading;
  csv::FileReader<Quote> reader{test::source(text, 9'999),
                                {.block_bytes = 30'000, .workers = workers}};
  for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
    reading.blocks.push_back(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      reading.rows.push_back(rows[i].update_id);
      reading.rows.push_back(reader.lines()[i]);
    }
  }
  for (const auto& bad : reader.bad_rows()) {
    reading.bad.push_back(bad.line);
    reading.bad.push_back(bad.byte);
  }
  return reading;
}

TEST(ThreadPool, AFileReadAheadGivesTheSameRowsAndFaultsInTheSameBlocks) {
  const std::string text = many_quotes();
  const PoolReading alone = read_all(text, nullptr);
  EXPECT_EQ(alone.rows.size(), 2U * 40'000U);
  EXPECT_GT(alone.bad.size(), 100U);
  for (const int jobs : {1, 2, 5}) {
    ThreadPool pool{jobs};
    pool.for_each(3, [&](std::size_t /*item*/) { EXPECT_TRUE(read_all(text, &pool) == alone); });
  }
}

TEST(ThreadPool, AReaderMayBeLeftInTheMiddle) {
  const std::string text = many_quotes();
  ThreadPool pool{3};
  pool.for_each(20, [&](std::size_t item) {
    csv::FileReader<Quote> reader{test::source(text), {.block_bytes = 30'000, .workers = &pool}};
    for (std::size_t i = 0; i < item; ++i) EXPECT_FALSE(reader.next().empty());
  });
}

std::string parquet_of(const std::vector<Quote>& rows, Workers* workers) {
  std::string bytes;
  columnar::MarketWriter<Quote> writer{
      [&](std::span<const std::byte> piece) {
        bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      },
      {.instrument_id = "BTCUSDT-PERP.BINANCE", .price_precision = 1, .size_precision = 3},
      workers};
  writer.write(rows);
  writer.close();
  return bytes;
}

TEST(ThreadPool, AParquetFileHasTheSameBytesWhoeverEncodesItsGroups) {
  std::vector<Quote> rows(300'000);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto n = static_cast<std::int64_t>(i);
    rows[i].ts_init = from_ms(n);
    rows[i].update_id = n * n;
    rows[i].bid = Price::from_raw(n % 1'000);
  }
  const std::string alone = parquet_of(rows, nullptr);
  for (const int jobs : {1, 2, 5}) {
    ThreadPool pool{jobs};
    pool.for_each(2, [&](std::size_t /*item*/) { EXPECT_TRUE(parquet_of(rows, &pool) == alone); });
  }
}

}  // namespace
}  // namespace toxvol::catalog
