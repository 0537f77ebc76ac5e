#include "toxvol/study/shared_market.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::study {
namespace {

constexpr Timestamp at(std::int64_t second) {
  return Timestamp{std::chrono::seconds{second}};
}

/// Rows one second apart from 0 on, in blocks of `block`.
template <class Record>
class Seconds final : public BlockStream<Record> {
 public:
  Seconds(std::size_t rows, std::size_t block) : block_{block} {
    for (std::size_t i = 0; i < rows; ++i) {
      Record record{};
      record.ts_event = at(static_cast<std::int64_t>(i));
      rows_.push_back(record);
    }
  }
  std::span<const Record> next() override {
    const std::size_t count = std::min(block_, rows_.size() - place_);
    place_ += count;
    return std::span{rows_}.subspan(place_ - count, count);
  }

 private:
  std::vector<Record> rows_;
  std::size_t block_;
  std::size_t place_ = 0;
};

template <class Record>
std::vector<Timestamp> all_of(SharedStream<Record>& stream, std::size_t reader) {
  std::vector<Timestamp> times;
  while (true) {
    const SharedRows<Record> shared = stream.next(reader);
    if (shared.rows.empty()) return times;
    for (const Record& row : shared.rows) times.push_back(row.ts_event);
  }
}

TEST(SharedStream, GivesEveryReaderAllRowsInOrder) {
  SharedStream<Trade> stream{std::make_unique<Seconds<Trade>>(10'000, 4'500), 3};
  std::vector<Timestamp> wanted;
  wanted.reserve(10'000);
  for (std::int64_t i = 0; i < 10'000; ++i) wanted.push_back(at(i));
  for (std::size_t reader = 0; reader < 3; ++reader) EXPECT_EQ(all_of(stream, reader), wanted);
  EXPECT_EQ(stream.held_blocks(), 0U) << "all have been given all blocks";
}

TEST(SharedStream, KeepsABlockUntilItsLastReaderWasGivenIt) {
  SharedStream<Trade> stream{std::make_unique<Seconds<Trade>>(30, 10), 2};
  const auto first = stream.next(0);
  const auto second = stream.next(0);
  EXPECT_EQ(second.rows.front().ts_event, at(10));
  EXPECT_EQ(stream.held_blocks(), 2U);
  EXPECT_EQ(stream.next(1).owner, first.owner) << "the same rows, not read again";
  EXPECT_EQ(stream.held_blocks(), 1U);
  EXPECT_EQ(stream.next(1).owner, second.owner);
  EXPECT_EQ(stream.held_blocks(), 0U);
  EXPECT_EQ(first.rows.front().ts_event, at(0)) << "who was given a block may hold it";
}

TEST(SharedStream, KeepsNothingForAReaderThatLeft) {
  SharedStream<Trade> stream{std::make_unique<Seconds<Trade>>(30, 10), 2};
  stream.leave(1);
  EXPECT_EQ(all_of(stream, 0).size(), 30U);
  EXPECT_EQ(stream.held_blocks(), 0U);
}

TEST(SharedMarket, OpensOnlyKindsThatAreRead) {
  MarketData data;
  data.bars = std::make_unique<Seconds<Bar>>(5, 10);
  SharedMarket market{std::move(data), 2};
  const MarketData opened = market.open(1);
  EXPECT_EQ(opened.trades, nullptr);
  ASSERT_NE(opened.bars, nullptr);
  EXPECT_EQ(opened.bars->next().size(), 5U);
}

TEST(SharedMarket, KeepsNothingForARunThatLetsGoOfAStream) {
  MarketData data;
  data.trades = std::make_unique<Seconds<Trade>>(30, 10);
  SharedMarket market{std::move(data), 2};
  const MarketData reading = market.open(0);
  MarketData without = market.open(1);
  const SharedRows<Trade> first = reading.trades->next_shared();
  const auto holders = first.owner.use_count();
  without.trades.reset();  // a run without trades
  EXPECT_EQ(first.owner.use_count(), holders - 1);
}

}  // namespace
}  // namespace toxvol::study
