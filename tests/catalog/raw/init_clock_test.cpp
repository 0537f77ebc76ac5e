#include "toxvol/catalog/raw/init_clock.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {
namespace {

constexpr Timestamp kTime = from_ms(1'705'276'800'000);

TEST(InitBand, BandsFollowOneAnotherAndFillTheMillisecond) {
  EXPECT_EQ(init_band(Kind::AggTrades).begin, 0);
  EXPECT_EQ(init_band(Kind::AggTrades).end, init_band(Kind::BookTicker).begin);
  // The nanosecond between them is that of the klines' flow.
  EXPECT_EQ(init_band(Kind::BookTicker).end + 1, init_band(Kind::Klines).begin);
  EXPECT_EQ(init_band(Kind::Klines).end, init_band(Kind::Metrics).begin);
  EXPECT_EQ(init_band(Kind::Metrics).end, init_band(Kind::Funding).begin);
  EXPECT_EQ(init_band(Kind::Funding).end, 1'000'000);
}

TEST(InitClock, CountsTheTradesOfAMillisecond) {
  InitClock<Trade> clock;
  Trade first{.ts_event = kTime};
  Trade second{.ts_event = kTime};
  Trade later{.ts_event = kTime + kMillisecond};
  ASSERT_TRUE(clock.stamp(first) && clock.stamp(second) && clock.stamp(later));
  EXPECT_EQ(first.ts_init, kTime);
  EXPECT_EQ(second.ts_init, kTime + Duration{1});
  EXPECT_EQ(later.ts_init, kTime + kMillisecond);
}

TEST(InitClock, RefusesTheFirstRowThatHasNoRoomAndTakesTheNextMillisecond) {
  InitClock<Quote> clock;
  Quote quote{.ts_event = kTime};
  const auto room = init_band(Kind::BookTicker).end - init_band(Kind::BookTicker).begin;
  for (std::int64_t i = 0; i < room; ++i) ASSERT_TRUE(clock.stamp(quote));
  EXPECT_EQ(quote.ts_init, kTime + Duration{799'998});
  EXPECT_FALSE(clock.stamp(quote));
  EXPECT_EQ(quote.ts_init, kTime + Duration{799'998});
  quote.ts_event += kMillisecond;
  ASSERT_TRUE(clock.stamp(quote));
  EXPECT_EQ(quote.ts_init, kTime + kMillisecond + Duration{300'000});
}

TEST(InitClock, StampsRowsTogetherAsItStampsEach) {
  InitClock<Quote> each;
  InitClock<Quote> together;
  std::vector<Quote> rows;
  for (const int ms : {0, 0, 1, 5, 5, 5, 6}) {
    Quote& row = rows.emplace_back();
    row.ts_event = kTime + ms * kMillisecond;
  }
  std::vector<Quote> expected = rows;
  for (Quote& row : expected) ASSERT_TRUE(each.stamp(row));
  // In three parts, the second of which begins within a millisecond.
  const std::span<Quote> all{rows};
  ASSERT_TRUE(together.stamp(rows[0]));
  together.stamp_usual(all.subspan(1, 3));
  together.stamp_usual(all.subspan(4));
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ(rows[i].ts_init, expected[i].ts_init) << i;
}

TEST(InitClock, HasRoomOnlyWhereEveryRowIsSureOfIt) {
  InitClock<Quote> clock;
  Quote quote{.ts_event = kTime};
  for (int i = 0; i < 499'990; ++i) ASSERT_TRUE(clock.stamp(quote));
  EXPECT_TRUE(clock.has_room(9));
  EXPECT_FALSE(clock.has_room(10));
}

TEST(InitClock, GivesTheOtherKindsTheBeginningOfTheirBand) {
  Bar bar{.ts_event = kTime};
  Metrics metrics;
  metrics.ts_event = kTime;
  Funding funding{.ts_event = kTime + Duration{999'999}};  // its millisecond counts
  ASSERT_TRUE(InitClock<Bar>{}.stamp(bar));
  ASSERT_TRUE(InitClock<Metrics>{}.stamp(metrics));
  ASSERT_TRUE(InitClock<Funding>{}.stamp(funding));
  EXPECT_EQ(bar.ts_init, kTime + Duration{800'000});
  EXPECT_EQ(metrics.ts_init, kTime + Duration{900'000});
  EXPECT_EQ(funding.ts_init, kTime + Duration{950'000});
}

}  // namespace
}  // namespace toxvol::catalog
