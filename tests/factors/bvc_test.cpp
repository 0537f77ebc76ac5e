#include "toxvol/factors/bvc.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;

constexpr std::int64_t kVStar = 10 * Qty::kOne;
constexpr double kReturn = 0.001;

// Φ(1) and Φ(−1) from tables of the normal distribution.
TEST(BoughtShare, IsTheNormalDistributionFunction) {
  EXPECT_NEAR(bought_share(0.002, 0.002), 0.841344746068543, 1e-15);
  EXPECT_NEAR(bought_share(-0.002, 0.002), 0.158655253931457, 1e-15);
  EXPECT_EQ(bought_share(0.0, 0.002), 0.5);
  EXPECT_EQ(bought_share(0.002, 0.0), 0.5);
}

Day day_of_bar(const Bar& bar) {
  return day_of(bar.ts_event - kMinute);
}

/// Feeds `bars` bars of volume 10 and return ± 0.001, so that σ = 0.001.
void warm(BulkBuckets& bulk, BucketWindow& window, std::int64_t bars, std::int64_t first = 1) {
  for (std::int64_t n = first; n < first + bars; ++n) {
    bulk.update(flat_bar(n, 10), n % 2 == 0 ? kReturn : -kReturn, kVStar, window);
  }
}

TEST(BulkBuckets, NeedThirtyFedBars) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 30);
  EXPECT_EQ(window.mean(day_of_bar(flat_bar(30))), std::nullopt);
  bulk.update(flat_bar(31, 10), kReturn, kVStar, window);
  EXPECT_NEAR(window.mean(day_of_bar(flat_bar(31))).value(), 2 * 0.841344746068543 - 1, 1e-12);
}

TEST(BulkBuckets, SkipBarsWithoutVolumeOrReturn) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 29);
  bulk.update(flat_bar(30, 0), 0.0, kVStar, window);
  bulk.update(flat_bar(31, 10), std::nullopt, kVStar, window);
  bulk.update(flat_bar(32, 10), kReturn, kVStar, window);  // the thirtieth fed bar
  EXPECT_EQ(window.mean(day_of_bar(flat_bar(32))), std::nullopt);
}

// 4 at Φ(1) and 6 at ½ fill one bucket of 10: imbalance .4·(2Φ(1) − 1).
TEST(BulkBuckets, SplitABarAtTheBucketsEdge) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 30);
  bulk.update(flat_bar(31, 4), kReturn, kVStar, window);
  EXPECT_EQ(window.mean(day_of_bar(flat_bar(31))), std::nullopt);
  bulk.update(flat_bar(32, 15), 0.0, kVStar, window);
  EXPECT_NEAR(window.mean(day_of_bar(flat_bar(32))).value(), 0.4 * (2 * 0.841344746068543 - 1),
              1e-12);
}

// A billion buckets and 5 in the open one; 5 at ½ fill that: imbalance .5·(2Φ(1) − 1).
TEST(BulkBuckets, FillWithAHugeBarWhatAWindowCanHold) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 30);
  bulk.update(flat_bar(31, 10'000'000'005), kReturn, kVStar, window);
  bulk.update(flat_bar(32, 5), 0.0, kVStar, window);
  EXPECT_NEAR(window.mean(day_of_bar(flat_bar(32))).value(), 0.5 * (2 * 0.841344746068543 - 1),
              1e-12);
}

TEST(BulkBuckets, DropTheOpenBucketAtMidnight) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 30, 1402);  // up to 23:51
  bulk.update(flat_bar(1440, 9), kReturn, kVStar, window);
  bulk.update(flat_bar(1441, 9), kReturn, kVStar, window);
  EXPECT_EQ(window.mean(day_of_bar(flat_bar(1441))), std::nullopt);
  bulk.update(flat_bar(1442, 1), kReturn, kVStar, window);
  EXPECT_TRUE(window.mean(day_of_bar(flat_bar(1442))));
}

TEST(BulkBuckets, FillNothingOnADayWithoutVStar) {
  BulkBuckets bulk{360};
  BucketWindow window{1};
  warm(bulk, window, 30);
  bulk.update(flat_bar(31, 1000), kReturn, 0, window);
  EXPECT_EQ(window.mean(day_of_bar(flat_bar(31))), std::nullopt);
}

}  // namespace
}  // namespace toxvol::factors
