#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <ios>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

constexpr std::size_t kGroup = 65'536;
constexpr std::size_t kRows = 6 * kGroup + 1'000;

Timestamp known_at(std::size_t row) {
  return Timestamp{std::chrono::milliseconds{1'700'000'000'000 + static_cast<std::int64_t>(row)}};
}

/// Seven row groups of quotes in a file.
class ReadAhead : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Quote> rows(kRows);
    for (std::size_t i = 0; i < kRows; ++i) {
      const auto number = static_cast<std::int64_t>(i);
      rows[i] = {.ts_event = known_at(i),
                 .ts_init = known_at(i),
                 .update_id = number,
                 .bid = Price::from_raw(100 * (number % 500)),
                 .ask = Price::from_raw(100 * (number % 500) + 100),
                 .bid_qty = Qty::from_raw(number % 9'000),
                 .ask_qty = Qty::from_raw(number % 7'000),
                 .ts_sent = known_at(i)};
    }
    std::ofstream out{path(), std::ios::binary};
    columnar::MarketWriter<Quote> writer{
        [&out](std::span<const std::byte> bytes) {
          out.write(reinterpret_cast<const char*>(bytes.data()),
                    static_cast<std::streamsize>(bytes.size()));
        },
        {.instrument_id = "BTCUSDT-PERP.BINANCE", .price_precision = 1, .size_precision = 3}};
    writer.write(rows);
    writer.close();
  }

  using Read = std::function<void(columnar::MarketReader<Quote>&)>;
  /// With `threads` in all, or by the reader alone.
  void read(std::optional<int> threads, const Read& with) const {
    if (!threads) {
      columnar::MarketReader<Quote> reader{path()};
      return with(reader);
    }
    ThreadPool pool{*threads};
    pool.accompany([&] {
      columnar::MarketReader<Quote> reader{path(), &pool};
      with(reader);
    });
  }

  [[nodiscard]] std::string path() const { return (folder_.path() / "quotes.parquet").string(); }

  TestFolder folder_;
};

constexpr std::optional<int> kSides[] = {std::nullopt, 1, 2, 3};

TEST_F(ReadAhead, GivesTheSameRowsWhoeverReads) {
  for (const auto threads : kSides) {
    read(threads, [](columnar::MarketReader<Quote>& reader) {
      std::size_t at = 0;
      for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
        for (const Quote& row : rows) {
          ASSERT_EQ(row.update_id, static_cast<std::int64_t>(at));
          ASSERT_EQ(row.ts_init, known_at(at));
          ASSERT_EQ(row.bid_qty.raw(), static_cast<std::int64_t>(at % 9'000));
          ++at;
        }
      }
      EXPECT_EQ(at, kRows);
    });
  }
}

TEST_F(ReadAhead, LeavesOutWhatWasReadInVain) {
  for (const auto threads : kSides) {
    read(threads, [](columnar::MarketReader<Quote>& reader) {
      std::size_t given = 0;
      while (given < 3 * kGroup) given += reader.next().size();  // the fourth is read by now
      ASSERT_EQ(given, 3 * kGroup);
      EXPECT_TRUE(reader.skip_before(known_at(4 * kGroup + 10)));
      EXPECT_EQ(reader.next().front().update_id, static_cast<std::int64_t>(4 * kGroup));
      EXPECT_TRUE(reader.skip_before(known_at(6 * kGroup)));
      std::size_t left = 0;
      for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) left += rows.size();
      EXPECT_EQ(left, kRows - 6 * kGroup);
    });
  }
}

TEST_F(ReadAhead, MayBeGivenUpAnywhere) {
  for (std::size_t blocks = 0; blocks < 40; ++blocks) {
    read(3, [&](columnar::MarketReader<Quote>& reader) {
      for (std::size_t i = 0; i < blocks; ++i) ASSERT_FALSE(reader.next().empty());
    });
  }
}

TEST_F(ReadAhead, TellsOfDamageWhenItsRowsAreWanted) {
  std::fstream file{path(), std::ios::binary | std::ios::in | std::ios::out};
  file.seekg(0, std::ios::end);
  const auto middle = static_cast<std::streamoff>(file.tellg()) * 5 / 7;
  file.seekp(middle);
  file.write("damage and more of it", 21);
  file.close();
  std::vector<std::string> told;
  std::vector<std::size_t> given;
  for (const auto threads : kSides) {
    std::size_t rows = 0;
    read(threads, [&](columnar::MarketReader<Quote>& reader) {
      try {
        for (auto some = reader.next(); !some.empty(); some = reader.next()) rows += some.size();
        FAIL() << "read as if it were whole";
      } catch (const Error& error) {
        told.emplace_back(error.what());
      }
    });
    given.push_back(rows);
  }
  EXPECT_EQ(told, std::vector<std::string>(std::size(kSides), told.front()));
  EXPECT_EQ(given, std::vector<std::size_t>(std::size(kSides), given.front()));
  EXPECT_GE(given.front(), 3 * kGroup);
}

TEST(Accompany, RunsOnTheCallingThreadAndThrowsWhatItThrows) {
  ThreadPool pool{3};
  const auto caller = std::this_thread::get_id();
  pool.accompany([&] { EXPECT_EQ(std::this_thread::get_id(), caller); });
  EXPECT_THROW(pool.accompany([] { throw Error{"no"}; }), Error);
  bool again = false;
  pool.accompany([&] { again = true; });
  EXPECT_TRUE(again);
}

}  // namespace
}  // namespace toxvol::catalog
