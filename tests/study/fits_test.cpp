#include "toxvol/study/fits.hpp"

#include <array>
#include <cstddef>
#include <numeric>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/stats/random.hpp"

namespace toxvol::study {
namespace {

/// 1 … n, backwards: the order must not matter.
std::vector<double> countdown(int n) {
  std::vector<double> values;
  for (int i = n; i > 0; --i) values.push_back(i);
  return values;
}

TEST(FittedQuantile, IsTheSmallestValueThatSoManyDoNotExceed) {
  EXPECT_EQ(fitted_quantile(countdown(100), 0.8), 80.0);
  EXPECT_EQ(fitted_quantile(countdown(100), 0.801), 81.0);
  EXPECT_EQ(fitted_quantile(countdown(100), 0.0), 1.0);
  EXPECT_EQ(fitted_quantile(countdown(100), 1.0), 100.0);
}

TEST(FittedQuantile, NeedsThirtyValues) {
  EXPECT_EQ(fitted_quantile(countdown(30), 0.5), 15.0);
  EXPECT_EQ(fitted_quantile(countdown(29), 0.5), std::nullopt);
}

TEST(FittedTheta, IsReachedAsOftenAsANormalReachesTheBase) {
  // 2Φ(1) − 1 = 0.6827: the 683rd of 1000 sizes, whatever their signs.
  std::vector<double> crowding = countdown(1000);
  for (std::size_t i = 0; i < crowding.size(); i += 2) crowding[i] = -crowding[i];
  EXPECT_EQ(fitted_theta(crowding, 1.0), 683.0);
}

TEST(FittedScale, IsMeanAndSampleDeviation) {
  std::vector<double> values(15, 1.0);
  values.insert(values.end(), 15, 3.0);
  const auto scale = fitted_scale(values);
  ASSERT_TRUE(scale);
  EXPECT_DOUBLE_EQ(scale->mean, 2.0);
  EXPECT_DOUBLE_EQ(scale->sd, 1.0170952554312156);  // √(30/29)
  values.pop_back();
  EXPECT_FALSE(fitted_scale(values));
}

/// X = 1 + uniforms of rows 10, 11, 12; the day after is `next` of them.
template <class Next>
std::vector<DayAfter> har_days(Next next) {
  const stats::Draws draws{7, stats::Stream::TestSeries};
  std::vector<DayAfter> days(60);
  for (std::size_t t = 0; t < days.size(); ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      days[t].past[i] = 1.0 + stats::uniform(draws(10 + i, t));
    }
    days[t].next = next(days[t].past, stats::uniform(draws(13, t)));
  }
  return days;
}

TEST(FittedHarWeights, AreTheWorkedOnes) {
  const auto weights = fitted_har_weights(har_days([](const auto& x, double u) {
    return 0.6 * x[0] + 0.1 * x[1] + 0.3 * x[2] + 0.2 * (u - 0.5);
  }));
  ASSERT_TRUE(weights);
  EXPECT_NEAR((*weights)[0], 0.5858144646, 5e-11);
  EXPECT_NEAR((*weights)[1], 0.102916571, 5e-11);
  EXPECT_NEAR((*weights)[2], 0.3112689644, 5e-11);
  EXPECT_DOUBLE_EQ(std::accumulate(weights->begin(), weights->end(), 0.0), 1.0);
}

TEST(FittedHarWeights, StayOnTheSimplexWhereLeastSquaresWouldLeaveIt) {
  const auto weights = fitted_har_weights(
      har_days([](const auto& x, double /*u*/) { return 1.2 * x[0] - 0.2 * x[1]; }));
  EXPECT_EQ(weights, (std::array<double, 3>{1.0, 0.0, 0.0}));
}

TEST(FittedHarWeights, NeedThirtyDays) {
  auto days = har_days([](const auto& x, double /*u*/) { return x[1]; });
  days.resize(30);
  EXPECT_EQ(fitted_har_weights(days), (std::array<double, 3>{0.0, 1.0, 0.0}));
  days.resize(29);
  EXPECT_EQ(fitted_har_weights(days), std::nullopt);
}

}  // namespace
}  // namespace toxvol::study
