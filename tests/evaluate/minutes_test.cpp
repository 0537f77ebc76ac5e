#include "toxvol/evaluate/minutes.hpp"

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::evaluate {
namespace {

using test::bar;
using test::kSquare;
using test::minute;

factors::VolatilityParams of_two_minutes() {
  factors::VolatilityParams made;
  made.half_life_short = std::chrono::minutes{2};
  made.half_life_long = std::chrono::minutes{2};
  made.har_horizons = {1, 1, 1};
  return made;
}

/// Returns of ±1 % in turn, bars `first` to `last`, without bar `hole`.
Minutes market(std::int64_t first, std::int64_t last, std::int64_t hole = -1) {
  Minutes minutes{of_two_minutes()};
  for (std::int64_t n = first; n <= last; ++n) {
    if (n != hole) minutes.add(bar(n, n % 2 == 0 ? 100.0 : 101.0));
  }
  return minutes;
}

TEST(Minutes, VarianceIsTheSumOfSquaredReturns) {
  const Minutes minutes = market(0, 100);
  EXPECT_NEAR(minutes.variance(minute(20), 15).value(), 15.0 * kSquare, 1e-15);
}

// One bar that is missing takes two returns.
TEST(Minutes, VarianceIsScaledDownToNinetyFivePercent) {
  const Minutes minutes = market(0, 100, 50);
  EXPECT_NEAR(minutes.variance(minute(60), 40).value(), 40.0 * kSquare, 1e-14);  // 38 of 40
  EXPECT_FALSE(minutes.variance(minute(60), 39));                                // 37 of 39
  EXPECT_FALSE(minutes.variance(minute(60), 15));
  EXPECT_TRUE(minutes.variance(minute(66), 15));
  EXPECT_FALSE(minutes.variance(minute(65), 15));
}

TEST(Minutes, AreNotSeenBeforeTheyEnd) {
  const Minutes minutes = market(0, 30);
  EXPECT_FALSE(minutes.variance(minute(31), 15));
  EXPECT_TRUE(minutes.variance(minute(30), 15));
}

TEST(Minutes, BarsWithoutVolumeAreNotFed) {
  Minutes minutes{of_two_minutes()};
  minutes.add(bar(0, 100.0));
  minutes.add(bar(1, 101.0));
  const double first = *minutes.all().back().garman_klass;  // two bars with volume
  minutes.add(bar(2, 100.0, 0.0));
  minutes.add(bar(3, 101.0));
  EXPECT_EQ(first, 0.0);
  EXPECT_TRUE(minutes.all()[2].square);
  EXPECT_FALSE(minutes.all()[2].ewma_square);  // one squared return was fed
  EXPECT_NEAR(minutes.all()[3].ewma_square.value(), kSquare, 1e-15);
}

TEST(Minutes, AFlowThatAStoreLacksIsUnknown) {
  Minutes minutes{of_two_minutes()};
  Bar lacking = bar(0, 100.0);
  lacking.count = 0;
  minutes.add(lacking);
  minutes.add(bar(1, 100.0));
  minutes.add(bar(2, 100.0, 0.0));
  EXPECT_FALSE(minutes.all()[0].count);
  EXPECT_EQ(minutes.all()[1].count, 1.0);
  EXPECT_EQ(minutes.all()[2].count, 0.0);
  EXPECT_FALSE(minutes.sum(minute(2), 3, &Minute::count));
  EXPECT_EQ(minutes.sum(minute(2), 2, &Minute::count), 1.0);
}

// Days of alternately large and small moves: RV of the next day on 1 and RV of the last day is
// exact, y = a − x. The same regressor three times: it is dropped, and so is the forecast.
TEST(Minutes, AHarThatCannotBeFittedIsEmpty) {
  factors::VolatilityParams three = of_two_minutes();
  three.har_min_days = 5;
  Minutes minutes{three};
  for (std::int64_t n = 0; n <= std::int64_t{9} * 1440; ++n) {
    const double move = (n / 1440) % 2 == 0 ? 1.0 : 2.0;
    minutes.add(bar(n, n % 2 == 0 ? 100.0 : 100.0 + move));
  }
  EXPECT_FALSE(minutes.all().back().har_ols);
}

// Horizons of one, two and three days over pseudo-random days: as many rows as are needed.
TEST(Minutes, AHarNeedsItsDays) {
  const auto fitted = [](int min_days) {
    factors::VolatilityParams made = of_two_minutes();
    made.har_horizons = {1, 2, 3};
    made.har_min_days = min_days;
    Minutes minutes{made};
    for (std::int64_t n = 0; n <= std::int64_t{12} * 1440; ++n) {
      const std::int64_t day = n / 1440;
      const double move = 1.0 + 0.1 * static_cast<double>((day * day * 7) % 11);
      minutes.add(bar(n, n % 2 == 0 ? 100.0 : 100.0 + move));
    }
    return minutes.all().back().har_ols;
  };
  EXPECT_TRUE(fitted(9));  // days 3 to 11 have three days before them
  EXPECT_FALSE(fitted(10));
}

}  // namespace
}  // namespace toxvol::evaluate
