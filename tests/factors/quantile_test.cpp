#include "toxvol/factors/quantile.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::minute;

RollingQuantile filled(const std::vector<double>& values) {
  RollingQuantile quantile{kDay};
  for (std::size_t i = 0; i < values.size(); ++i) {
    quantile.advance(minute(static_cast<std::int64_t>(i)));
    quantile.add(minute(static_cast<std::int64_t>(i)), values[i]);
  }
  return quantile;
}

// Q1: p·n = 8 exactly takes the 8th of 10, though 0.8·10 may round either way; 0.81 the 9th.
TEST(RollingQuantile, TakesTheKthSmallestWithoutInterpolation) {
  const auto quantile = filled({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_EQ(quantile.quantile(0.80, 1), 8.0);
  EXPECT_EQ(quantile.quantile(0.81, 1), 9.0);
  EXPECT_EQ(quantile.quantile(0.70, 1), 7.0);  // 0.7·10 is above 7 in binary
  EXPECT_EQ(quantile.quantile(0.0, 1), 1.0);   // held to 1
  EXPECT_EQ(quantile.quantile(1.0, 1), 10.0);
}

// The product that rounds up must not take the next value: k = ⌈p·n − 1e-9⌉ for all n·p integer.
TEST(RollingQuantile, AnIntegralProductIsThatIntegerForEveryPercent) {
  std::vector<double> values;
  for (int i = 1; i <= 700; ++i) {
    values.push_back(i);
    if (i % 100 != 0) continue;
    const auto quantile = filled(values);
    for (int percent = 1; percent <= 100; ++percent) {
      const int product = percent * i / 100;
      EXPECT_EQ(quantile.quantile(percent / 100.0, 1), static_cast<double>(product));
    }
  }
}

TEST(RollingQuantile, IsEmptyBelowTheMinimumCount) {
  const auto quantile = filled({1, 2, 3});
  EXPECT_FALSE(quantile.quantile(0.5, 4));
  EXPECT_FALSE(quantile.rank(2, 4));
  EXPECT_TRUE(quantile.quantile(0.5, 3));
  EXPECT_FALSE(RollingQuantile{kDay}.quantile(0.5, 0));
}

// T9.
TEST(RollingQuantile, RankCountsHalfOfTheEqual) {
  const auto quantile = filled({1, 2, 2, 2, 5});
  EXPECT_EQ(quantile.rank(0, 1), 0.0);
  EXPECT_EQ(quantile.rank(1, 1), 0.1);
  EXPECT_EQ(quantile.rank(2, 1), 0.5);
  EXPECT_EQ(quantile.rank(3, 1), 0.8);
  EXPECT_EQ(quantile.rank(5, 1), 0.9);
  EXPECT_EQ(quantile.rank(6, 1), 1.0);
}

// Z1: t − W is inside, one minute more is not, and t itself is not.
TEST(RollingQuantile, HoldsTheWindowClosedBelowAndOpenAbove) {
  RollingQuantile quantile{minutes{10}};
  for (int i = 0; i < 11; ++i) {
    quantile.advance(minute(i));
    EXPECT_EQ(quantile.count(), std::min(i, 10));
    quantile.add(minute(i), i);
  }
  quantile.advance(minute(11));
  EXPECT_EQ(quantile.count(), 10);
  EXPECT_EQ(quantile.quantile(0.0, 1), 1.0);
  quantile.advance(minute(12) - Duration{1});
  EXPECT_EQ(quantile.quantile(0.0, 1), 2.0);
}

TEST(RollingQuantile, EqualsASortedCopyWithManyTies) {
  for (const std::int64_t distinct : {1, 3, 50, 100'000}) {
    test::Random random{static_cast<std::uint64_t>(distinct)};
    RollingQuantile quantile{minutes{3000}};
    std::deque<std::pair<std::int64_t, double>> window;
    std::int64_t now = 0;
    for (int i = 0; i < 12'000; ++i) {
      now += 1 + (random.below(50) == 0 ? random.below(200) : 0);
      while (!window.empty() && window.front().first < now - 3000) window.pop_front();
      quantile.advance(minute(now));
      ASSERT_EQ(quantile.count(), static_cast<std::int64_t>(window.size()));
      if (i % 101 == 1) {
        std::vector<double> sorted;
        std::transform(window.begin(), window.end(), std::back_inserter(sorted),
                       [](const auto& entry) { return entry.second; });
        std::sort(sorted.begin(), sorted.end());
        const auto n = static_cast<std::int64_t>(sorted.size());
        for (const double p : {0.0, 0.1, 0.5, 0.7, 0.8, 0.95, 1.0}) {
          auto k = static_cast<std::int64_t>(std::ceil(p * static_cast<double>(n) - 1e-9));
          k = std::clamp<std::int64_t>(k, 1, n);
          ASSERT_EQ(quantile.quantile(p, 1), sorted[static_cast<std::size_t>(k - 1)]);
        }
        const double probe = static_cast<double>(random.below(distinct)) + 0.5 * (i % 2);
        const auto low = std::lower_bound(sorted.begin(), sorted.end(), probe);
        const auto high = std::upper_bound(sorted.begin(), sorted.end(), probe);
        const double rank =
            (static_cast<double>(low - sorted.begin()) + 0.5 * static_cast<double>(high - low)) /
            static_cast<double>(n);
        ASSERT_EQ(quantile.rank(probe, 1), rank);
      }
      const auto value = static_cast<double>(random.below(distinct));
      quantile.add(minute(now), value);
      window.emplace_back(now, value);
    }
  }
}

// A bag in ascending, then descending order splits and merges its blocks at the ends.
TEST(SortedBag, StaysOrderedUnderMonotoneInput) {
  SortedBag bag;
  for (int i = 0; i < 5000; ++i) bag.insert(i);
  for (int i = 0; i < 4000; ++i) bag.erase(i);
  for (int i = 0; i < 5000; ++i) bag.insert(-i);
  ASSERT_EQ(bag.size(), 6000);
  EXPECT_EQ(bag.kth(1), -4999.0);
  EXPECT_EQ(bag.kth(5000), 0.0);
  EXPECT_EQ(bag.kth(5001), 4000.0);
  EXPECT_EQ(bag.kth(6000), 4999.0);
}

// Emptied at random places, so blocks are joined with the one after and the one before.
TEST(SortedBag, StaysOrderedWhileItIsEmptied) {
  for (const std::int64_t distinct : {40, 1'000'000}) {
    test::Random random{static_cast<std::uint64_t>(distinct)};
    SortedBag bag;
    std::vector<double> sorted;
    for (int i = 0; i < 4000; ++i) {
      sorted.push_back(static_cast<double>(random.below(distinct)));
      bag.insert(sorted.back());
    }
    std::sort(sorted.begin(), sorted.end());
    while (!sorted.empty()) {
      const auto n = static_cast<std::int64_t>(sorted.size());
      // Now and then from the top alone.
      const std::int64_t at = n / 500 % 2 == 0 ? random.below(n) : n - 1 - random.below(n / 8 + 1);
      bag.erase(sorted[static_cast<std::size_t>(at)]);
      sorted.erase(std::next(sorted.begin(), at));
      ASSERT_EQ(bag.size(), n - 1);
      if (n % 7 != 0) continue;
      for (std::int64_t k = 1; k < n; k += 1 + n / 50) {
        ASSERT_EQ(bag.kth(k), sorted[static_cast<std::size_t>(k - 1)]);
      }
    }
  }
}

// Z4: max(30, ⌈n/7⌉).
TEST(QuantileMinCount, AutoIsASeventhOfTheWindowAndAtLeastThirty) {
  EXPECT_EQ(quantile_min_count(std::nullopt, 7 * kDay, minutes{1}), 1440);
  EXPECT_EQ(quantile_min_count(std::nullopt, 7 * kDay, minutes{15}), 96);
  EXPECT_EQ(quantile_min_count(std::nullopt, minutes{211}, minutes{1}), 31);
  EXPECT_EQ(quantile_min_count(std::nullopt, minutes{210}, minutes{1}), 30);
  EXPECT_EQ(quantile_min_count(std::nullopt, minutes{30}, minutes{1}), 30);
  EXPECT_EQ(quantile_min_count(2, 7 * kDay, minutes{1}), 2);
}

}  // namespace
}  // namespace toxvol::factors
