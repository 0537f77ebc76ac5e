#include "toxvol/report/sampler.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace toxvol::report {

namespace {

using Value = std::optional<double>;

Sampled sample(Sampler::Options options, const std::vector<std::pair<double, Value>>& rows) {
  options.rows = static_cast<std::int64_t>(rows.size());
  Sampler sampler{options};
  for (const auto& [time, value] : rows) sampler.add(time, std::array{value});
  return sampler.finish();
}

/// A walk in integers, the same everywhere.
std::vector<std::pair<double, Value>> walk(int rows) {
  std::vector<std::pair<double, Value>> points;
  std::uint32_t state = 12345;
  double level = 0.0;
  for (int i = 0; i < rows; ++i) {
    state = state * 1664525U + 1013904223U;
    level += static_cast<double>(state >> 24U) - 127.5;
    points.emplace_back(i, level);
  }
  return points;
}

TEST(Sampler, AShortSeriesPassesUnchanged) {
  const auto rows = walk(100);
  const Sampled sampled = sample({.to = 100.0, .max_points = 100}, rows);
  ASSERT_EQ(sampled.times.size(), 100U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(sampled.times[i], rows[i].first);
    EXPECT_EQ(sampled.values[0][i], rows[i].second);
  }
}

TEST(Sampler, OneRowMoreThanTheLimitIsThinned) {
  EXPECT_EQ(sample({.to = 100.0, .max_points = 100}, walk(100)).times.size(), 100U);
  EXPECT_LE(sample({.to = 101.0, .max_points = 100}, walk(101)).times.size(), 100U);
}

TEST(Sampler, EveryBucketKeepsItsLowestAndHighestValueInTheirOrder) {
  // Two buckets of five seconds: high before low, then low before high.
  const Sampled sampled = sample({.to = 10.0, .max_points = 4}, {{0.0, 1.0},
                                                                 {1.0, 9.0},
                                                                 {2.0, -3.0},
                                                                 {4.0, 2.0},
                                                                 {5.0, 0.0},
                                                                 {6.0, -7.0},
                                                                 {8.0, 8.0},
                                                                 {9.0, 3.0}});
  EXPECT_EQ(sampled.times, (std::vector<double>{0.0, 4.0, 5.0, 9.0}));
  EXPECT_EQ(sampled.values[0], (std::vector<Value>{9.0, -3.0, -7.0, 8.0}));
}

TEST(Sampler, NoExtremeIsLostAndTimeNeverGoesBack) {
  const auto rows = walk(100'000);
  const Sampled sampled = sample({.to = 100'000.0, .max_points = 4000}, rows);
  EXPECT_LE(sampled.times.size(), 4000U);
  EXPECT_GE(sampled.times.size(), 3900U);
  EXPECT_TRUE(std::is_sorted(sampled.times.begin(), sampled.times.end()));
  const auto by_value = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto [low, high] = std::minmax_element(rows.begin(), rows.end(), by_value);
  EXPECT_EQ(*std::min_element(sampled.values[0].begin(), sampled.values[0].end()), low->second);
  EXPECT_EQ(*std::max_element(sampled.values[0].begin(), sampled.values[0].end()), high->second);
}

TEST(Sampler, NullsStayNullAndMissingRowsBecomeAGap) {
  const Sampled sampled = sample({.to = 500.0, .max_points = 100, .max_step = 60.0},
                                 {{0.0, 1.0}, {60.0, std::nullopt}, {120.0, 2.0}, {240.0, 3.0}});
  EXPECT_EQ(sampled.times, (std::vector<double>{0.0, 60.0, 120.0, 180.0, 240.0}));
  EXPECT_EQ(sampled.values[0], (std::vector<Value>{1.0, std::nullopt, 2.0, std::nullopt, 3.0}));
}

TEST(Sampler, AGapIsMarkedBetweenBucketsToo) {
  std::vector<std::pair<double, Value>> rows;
  rows.reserve(70);
  for (int i = 0; i < 50; ++i) rows.emplace_back(i, 1.0);
  for (int i = 80; i < 100; ++i) rows.emplace_back(i, 2.0);
  const Sampled sampled = sample({.to = 100.0, .max_points = 20, .max_step = 1.0}, rows);
  const auto gap = std::find(sampled.values[0].begin(), sampled.values[0].end(), std::nullopt);
  ASSERT_NE(gap, sampled.values[0].end());
  const double time = sampled.times[static_cast<std::size_t>(gap - sampled.values[0].begin())];
  EXPECT_GT(time, 49.0);
  EXPECT_LT(time, 80.0);
  EXPECT_EQ(std::count(sampled.values[0].begin(), sampled.values[0].end(), std::nullopt), 1);
}

TEST(Stretches, NeighboursThatTouchAreOne) {
  Stretches stretches{10};
  stretches.add(0.0, 60.0);
  stretches.add(60.0, 120.0);
  stretches.add(121.0, 180.0);
  EXPECT_EQ(stretches.all(),
            (std::vector<std::pair<double, double>>{{0.0, 120.0}, {121.0, 180.0}}));
}

TEST(Stretches, TheirNumberIsBoundedAndNothingThatHeldIsLost) {
  Stretches stretches{100};
  for (int i = 0; i < 10'000; ++i) stretches.add(i * 120.0, i * 120.0 + 60.0);
  EXPECT_LE(stretches.all().size(), 100U);
  EXPECT_EQ(stretches.all().front().first, 0.0);
  EXPECT_EQ(stretches.all().back().second, 9'999 * 120.0 + 60.0);
}

}  // namespace

}  // namespace toxvol::report
