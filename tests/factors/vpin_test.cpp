#include "toxvol/factors/vpin.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/real_data.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;
using test::kDayMs;
using test::kMidnight;
using test::kMinutesPerDay;
using test::trade;
using Kind = VpinBucketRule::Kind;

constexpr Day kFirstDay = day_of(kMidnight);

constexpr Day day(int n) {
  return kFirstDay + std::chrono::days{n};
}

VpinBucketRule base(std::int64_t units) {
  return {.kind = Kind::Base, .amount_e8 = units * Qty::kOne};
}

std::vector<Bucket> all(TradeBuckets& buckets) {
  std::vector<Bucket> taken;
  buckets.take(Timestamp::max(), taken);
  return taken;
}

// docs/factors/vpin.md, "Worked numbers": three buckets, split by hand.
TEST(TradeBuckets, SplitTheHandVectorOfTheReference) {
  TradeBuckets buckets{base(10)};
  buckets.on(trade(1, Side::Buy, 6));
  buckets.on(trade(2, Side::Sell, 7));
  buckets.on(trade(3, Side::Buy, 9));
  buckets.on(trade(4, Side::Sell, 3));
  buckets.on(trade(5, Side::Buy, 5));
  const auto taken = all(buckets);
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].imbalance, 0.2);
  EXPECT_EQ(taken[1].imbalance, 0.4);
  EXPECT_EQ(taken[2].imbalance, 0.4);
  EXPECT_EQ(taken[2].ts_event, test::at_ms(5));  // T3: with the trade that fills it exactly

  BucketWindow window{2};
  window.add(kFirstDay, taken[0].imbalance);
  EXPECT_EQ(window.mean(kFirstDay), std::nullopt);
  window.add(kFirstDay, taken[1].imbalance);
  EXPECT_NEAR(window.mean(kFirstDay).value(), 0.30, 1e-15);
  window.add(kFirstDay, taken[2].imbalance);
  EXPECT_NEAR(window.mean(kFirstDay).value(), 0.40, 1e-15);
}

TEST(TradeBuckets, FillManyBucketsWithOneTrade) {
  TradeBuckets buckets{base(10)};
  buckets.on(trade(1, Side::Sell, 4));
  buckets.on(trade(2, Side::Buy, 36));
  const auto taken = all(buckets);
  ASSERT_EQ(taken.size(), 4U);
  EXPECT_EQ(taken[0].imbalance, 0.2);  // S4 B6
  EXPECT_EQ(taken[1].imbalance, 1.0);
  EXPECT_EQ(taken[3].imbalance, 1.0);
  buckets.on(trade(3, Side::Buy, 9));
  EXPECT_TRUE(all(buckets).empty());
}

struct RealVpin {
  std::int64_t v_star;
  std::size_t buckets;
  double first, last, mean;
};

class RecordedVpin : public testing::TestWithParam<RealVpin> {};

// docs/factors/vpin.md, "Worked numbers": N = 50 over the trades recorded on 2024-08-08, rounded
// there.
TEST_P(RecordedVpin, IsThatOfTheReference) {
  const auto trades = test::recorded_trades("2024-08-08");
  if (trades.empty()) GTEST_SKIP() << "no recorded data";
  TradeBuckets buckets{base(GetParam().v_star)};
  for (const Trade& t : trades) buckets.on(t);
  const auto taken = all(buckets);
  ASSERT_EQ(taken.size(), GetParam().buckets);

  BucketWindow window{50};
  std::vector<double> values;
  for (const Bucket& bucket : taken) {
    window.add(day_of(bucket.ts_event), bucket.imbalance);
    if (const auto vpin = window.mean(day_of(bucket.ts_event))) values.push_back(*vpin);
  }
  double sum = 0.0;
  for (const double vpin : values) sum += vpin;
  EXPECT_NEAR(values.front(), GetParam().first, 5e-7);
  EXPECT_NEAR(values.back(), GetParam().last, 5e-7);
  EXPECT_NEAR(sum / static_cast<double>(values.size()), GetParam().mean, 5e-9);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RecordedVpin,
                         testing::Values(RealVpin{5, 485, .675416, .795552, .82325850},
                                         RealVpin{10, 242, .571132, .698416, .78376566}));

// A billion buckets: none but the last 1,000 can be in a window, and 3 stay in the open one.
TEST(TradeBuckets, KeepOfAHugeTradeWhatAWindowCanHold) {
  TradeBuckets buckets{base(10)};
  buckets.on(trade(1, Side::Sell, 4));
  buckets.on(trade(2, Side::Buy, 6 + 10'000'000'000 + 3));
  const auto taken = all(buckets);
  ASSERT_EQ(taken.size(), 1U + kMostBuckets);
  EXPECT_EQ(taken.front().imbalance, 0.2);  // S4 B6
  EXPECT_EQ(taken.back().imbalance, 1.0);
  buckets.on(trade(3, Side::Sell, 7));
  const auto next = all(buckets);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].imbalance, 0.4);  // B3 S7
}

TEST(TradeBuckets, DropTheOpenBucketAtMidnight) {
  TradeBuckets buckets{base(10)};
  buckets.on(trade(kDayMs - 1, Side::Buy, 9));
  buckets.on(trade(kDayMs, Side::Buy, 9));  // would complete it a millisecond earlier
  EXPECT_TRUE(all(buckets).empty());
  buckets.on(trade(kDayMs + 1, Side::Buy, 1));
  EXPECT_EQ(all(buckets).size(), 1U);
}

TEST(TradeBuckets, AreTakenUpToTheMinutesEndOnly) {
  TradeBuckets buckets{base(1)};
  buckets.on(trade(59'999, Side::Buy, 1));
  buckets.on(trade(60'000, Side::Buy, 1));
  std::vector<Bucket> taken;
  buckets.take(test::at_ms(60'000), taken);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].ts_event, test::at_ms(59'999));
  EXPECT_EQ(all(buckets).size(), 1U);
}

// The V* of a day needs the last bar of the day before, which comes after the day's first trades.
TEST(TradeBuckets, WaitForTheBarsThatDecideTheirSize) {
  TradeBuckets buckets{{.kind = Kind::Notional, .amount_e8 = 1000 * Qty::kOne}};
  for (std::int64_t minute = 1; minute < kMinutesPerDay; ++minute) buckets.on(flat_bar(minute));
  buckets.on(trade(kDayMs, Side::Buy, 7));
  buckets.on(trade(kDayMs, Side::Sell, 3));
  EXPECT_TRUE(all(buckets).empty());
  Bar last = flat_bar(kMinutesPerDay);
  last.close = Price::from_raw(200 * Price::kOne);  // V* = 1000/200 = 5, not 1000/100
  buckets.on(last);
  EXPECT_EQ(buckets.v_star(day(1)), 5 * Qty::kOne);
  const auto taken = all(buckets);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].imbalance, 1.0);  // B5
  EXPECT_EQ(taken[1].imbalance, 0.2);  // B2 S3
}

TEST(TradeBuckets, StopWaitingAtTheFirstBarOfTheirDayWhereTheLastBarIsMissing) {
  TradeBuckets buckets{{.kind = Kind::Notional, .amount_e8 = 1000 * Qty::kOne}};
  for (std::int64_t minute = 1; minute < kMinutesPerDay; ++minute) buckets.on(flat_bar(minute));
  buckets.on(trade(kDayMs, Side::Buy, 10));
  EXPECT_TRUE(all(buckets).empty());
  buckets.on(flat_bar(kMinutesPerDay + 1));
  EXPECT_EQ(all(buckets).size(), 1U);  // V* = 1000/100
}

void feed_day(BucketSize& size, int n, std::int64_t bars, std::int64_t volume) {
  for (std::int64_t minute = 1; minute <= bars; ++minute) {
    size.on(flat_bar(n * kMinutesPerDay + minute, volume));
  }
}

TEST(BucketSize, IsTheMedianOfTheSevenDaysBefore) {
  BucketSize size{{.kind = Kind::Median1m}};
  EXPECT_FALSE(size.known(day(0)));
  for (int n = 0; n < 8; ++n) feed_day(size, n, kMinutesPerDay, n + 1);  // volumes 1 … 8
  ASSERT_TRUE(size.known(day(8)));
  EXPECT_EQ(size.of(day(8)), 5 * Qty::kOne);  // of 2 … 8: the day of volume 1 is too far back
  EXPECT_EQ(size.of(day(7)), 4 * Qty::kOne);  // of 1 … 7
  EXPECT_FALSE(size.known(day(9)));
}

TEST(BucketSize, FloorsTheMeanOfTheMiddleTwo) {
  BucketSize size{{.kind = Kind::Median1m}};
  for (std::int64_t minute = 1; minute <= kMinutesPerDay; ++minute) {
    Bar bar = flat_bar(minute);
    bar.volume = Qty::from_raw(minute <= 720 ? 3 : 6);
    size.on(bar);
  }
  EXPECT_EQ(size.of(day(1)), 4);  // ⌊4.5⌋
}

TEST(BucketSize, CountsADayFrom1368BarsOn) {
  BucketSize enough{{.kind = Kind::Median1m}};
  feed_day(enough, 0, 1368, 3);
  EXPECT_EQ(enough.of(day(1)), 3 * Qty::kOne);
  BucketSize short_by_one{{.kind = Kind::Median1m}};
  feed_day(short_by_one, 0, 1367, 3);
  EXPECT_EQ(short_by_one.of(day(1)), 0);
}

TEST(BucketSize, CountsMinutesWithoutVolume) {
  BucketSize size{{.kind = Kind::Median1m}};
  feed_day(size, 0, 1400, 0);
  for (std::int64_t minute = 1401; minute <= kMinutesPerDay; ++minute) size.on(flat_bar(minute, 9));
  EXPECT_EQ(size.of(day(1)), 0);  // the median is 0, and 0 means none (T2)
}

// 144 sums of 5 and 143 of 10: with the broken five minutes as one more the median were 6.5.
TEST(BucketSize, SumsAlignedFiveMinutesWithAllTheirBars) {
  BucketSize size{{.kind = Kind::Median5m}};
  for (std::int64_t minute = 1; minute <= kMinutesPerDay; ++minute) {
    if (minute == 3) continue;  // the first five minutes are not whole
    size.on(flat_bar(minute, minute <= 720 ? 2 : 1));
  }
  EXPECT_EQ(size.of(day(1)), 5 * Qty::kOne);
}

TEST(BucketSize, HasNoNotionalWithoutABarTheDayBefore) {
  BucketSize size{{.kind = Kind::Notional, .amount_e8 = 1000 * Qty::kOne}};
  feed_day(size, 0, 10, 1);
  EXPECT_EQ(size.of(day(1)), 10 * Qty::kOne);
  feed_day(size, 2, 1, 1);
  EXPECT_EQ(size.of(day(2)), 0);
}

TEST(BucketWindow, RunsOnAcrossMidnight) {
  BucketWindow window{2};
  window.add(day(0), 0.2);
  window.add(day(1), 0.4);
  EXPECT_NEAR(window.mean(day(1)).value(), 0.3, 1e-15);
  EXPECT_NEAR(window.mean(day(2)).value(), 0.3, 1e-15);
}

TEST(BucketWindow, IsEmptiedWhereTheDayBeforeCompletedNone) {
  BucketWindow window{1};
  window.add(day(0), 0.2);
  EXPECT_TRUE(window.mean(day(1)));
  EXPECT_FALSE(window.mean(day(2)));
  window.add(day(2), 0.6);
  EXPECT_EQ(window.mean(day(2)), 0.6);

  BucketWindow two{2};
  two.add(day(0), 0.2);
  two.add(day(2), 0.6);  // not with the bucket of day 0
  EXPECT_FALSE(two.mean(day(2)));
}

}  // namespace
}  // namespace toxvol::factors
