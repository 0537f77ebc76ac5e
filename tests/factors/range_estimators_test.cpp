#include "toxvol/factors/range_estimators.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/factors/bars.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::factors {
namespace {

using test::bar;
using test::price;

constexpr double kRounding = 2e-19;  // of variances near 1e-4

// One bar each, worked out to 18 digits in decimal arithmetic. They stand in
// docs/factors/range_estimators.md, "Worked numbers".
TEST(RangeEstimators, GiveTheVariancesOfTheTable) {
  const Bar usual = bar(0, 100, 102, 99, 101);
  EXPECT_NEAR(parkinson_variance(usual), 3.21432241885584471e-4, kRounding);
  EXPECT_NEAR(garman_klass_variance(usual), 4.07353053525460780e-4, kRounding);
  EXPECT_NEAR(rogers_satchell_variance(usual), 3.96114772168409712e-4, kRounding);

  const Bar closed_where_it_opened = bar(0, 100, 101, 99, 100);
  EXPECT_NEAR(parkinson_variance(closed_where_it_opened), 1.44279122793273527e-4, kRounding);
  EXPECT_NEAR(garman_klass_variance(closed_where_it_opened), 2.00013334355639372e-4, kRounding);
  EXPECT_NEAR(rogers_satchell_variance(closed_where_it_opened), 2.00018334855685210e-4, kRounding);
}

TEST(RangeEstimators, RogersSatchellIsZeroOnATrendAndItsMirror) {
  const Bar rise = bar(0, 100, 103, 100, 103);
  EXPECT_NEAR(parkinson_variance(rise), 3.15128884044839743e-4, kRounding);
  EXPECT_NEAR(garman_klass_variance(rise), 9.93472080359142361e-5, kRounding);
  EXPECT_EQ(rogers_satchell_variance(rise), 0.0);
  EXPECT_EQ(rogers_satchell_variance(bar(0, 103, 103, 100, 100)), 0.0);
}

TEST(RangeEstimators, AreZeroOnAFlatBar) {
  const Bar flat = bar(0, 100, 100, 100, 100);
  EXPECT_EQ(parkinson_variance(flat), 0.0);
  EXPECT_EQ(garman_klass_variance(flat), 0.0);
  EXPECT_EQ(rogers_satchell_variance(flat), 0.0);
}

// ln(1 + 1/600001) = x − x²/2 + x³/3: one tick of 0.1 at 60 000.1 keeps all its digits.
TEST(LogRatio, KeepsTheDigitsOfOneTick) {
  const double x = 1.0 / 600'001.0;
  EXPECT_NEAR(log_ratio(price(60'000.2), price(60'000.1)), x - x * x / 2 + x * x * x / 3,
              1e-15 * x);
}

TEST(RangeEstimators, AreNeverNegativeAndForgetTheScale) {
  constexpr std::int64_t kBars = 3000;
  const auto bars = test::random_walk(5, {.bars = kBars, .without_trade = 0.1});
  const auto scaled = test::random_walk(5, {.bars = kBars, .without_trade = 0.1, .scale = 7});
  for (std::size_t i = 0; i < bars.size(); ++i) {
    for (const auto variance :
         {parkinson_variance, garman_klass_variance, rogers_satchell_variance}) {
      ASSERT_GE(variance(bars[i]), 0.0);
      ASSERT_NEAR(variance(bars[i]), variance(scaled[i]), 1e-14 * variance(bars[i]));
    }
  }
}

// TTR's yearly volatilities over ten bars, √(260 · mean variance).
TEST(RangeEstimators, AgreeWithTtrOverTenBars) {
  const auto bars = test::ttr_bars();
  const auto yearly = [&](auto variance, std::size_t last) {
    double sum = 0.0;
    for (std::size_t i = last - 10; i < last; ++i) sum += variance(bars[i]);
    return std::sqrt(260.0 * sum / 10.0);
  };
  constexpr double kDigits = 1e-12;  // as many as the table prints
  EXPECT_NEAR(yearly(parkinson_variance, 10), .225207286477, kDigits);
  EXPECT_NEAR(yearly(garman_klass_variance, 10), .214186583980, kDigits);
  EXPECT_NEAR(yearly(rogers_satchell_variance, 10), .205948120278, kDigits);
  EXPECT_NEAR(yearly(parkinson_variance, 11), .210300359979, kDigits);
  EXPECT_NEAR(yearly(garman_klass_variance, 11), .216247270618, kDigits);
  EXPECT_NEAR(yearly(rogers_satchell_variance, 11), .214969533123, kDigits);
  EXPECT_NEAR(yearly(parkinson_variance, 20), .288469487009, kDigits);
  EXPECT_NEAR(yearly(garman_klass_variance, 20), .301145957232, kDigits);
  EXPECT_NEAR(yearly(rogers_satchell_variance, 20), .311340566497, kDigits);
}

}  // namespace
}  // namespace toxvol::factors
