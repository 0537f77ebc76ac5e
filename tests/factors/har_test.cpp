#include "toxvol/factors/har.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/factors/har_log.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using test::minute;

constexpr std::int64_t kHarDayMinutes = 1440;

VolatilityParams har_params(HarForm form = HarForm::Sqrt, HarRv rv = HarRv::Rolling) {
  VolatilityParams result;
  result.har_horizons = {1, 2, 3};
  result.har_weights = {0.5, 0.3, 0.2};
  result.har_form = form;
  result.har_rv = rv;
  return result;
}

// V8: 95 % of 1440 is 1368.
TEST(Har, AHorizonIsEmptyBelowNinetyFivePercentOfItsMinutes) {
  Har har{har_params()};
  for (std::int64_t n = 1; n <= kHarDayMinutes; ++n) {
    har.update(minute(n), 1e-3);
    EXPECT_EQ(har.realized()[0].has_value(), n >= 1368) << n;
    EXPECT_FALSE(har.realized()[1]);
  }
  EXPECT_NEAR(har.realized()[0].value(), 1440e-6, 1e-15);
}

// Days with |r| = 1, 2, 3 per mille: RV^(1,2,3) a day is 1440e-6 times 9, 13/2 and 14/3. The
// square root form: (0.5·3 + 0.3·√6.5 + 0.2·√(14/3))².
TEST(Har, CompositeIsTheWeightedMeanInItsForm) {
  const double level = 0.5 * 9 + 0.3 * 6.5 + 0.2 * 14.0 / 3.0;
  const double root = 0.5 * 3 + 0.3 * std::sqrt(6.5) + 0.2 * std::sqrt(14.0 / 3.0);
  const double log = 0.5 * std::log(9.0) + 0.3 * std::log(6.5) + 0.2 * std::log(14.0 / 3.0);
  for (const auto& [form, expected] : std::map<HarForm, double>{
           {HarForm::Level, level}, {HarForm::Sqrt, root * root}, {HarForm::Log, std::exp(log)}}) {
    Har har{har_params(form)};
    for (std::int64_t n = 1; n <= 3 * kHarDayMinutes; ++n) {
      const std::int64_t day = 1 + (n - 1) / kHarDayMinutes;
      har.update(minute(n), 1e-3 * static_cast<double>(day));
    }
    EXPECT_NEAR(har.composite().value(), 1440e-6 * expected, 1e-14);
  }
}

// One horizon alone carries the composite whatever its weight (V8).
TEST(Har, CompositeUsesTheHorizonsThatExist) {
  Har har{har_params()};
  for (std::int64_t n = 1; n < 1368; ++n) har.update(minute(n), 2e-3);
  EXPECT_FALSE(har.composite());
  har.update(minute(1368), 2e-3);
  EXPECT_NEAR(har.composite().value(), 1440 * 4e-6, 1e-14);
}

TEST(Har, AHorizonWithoutWeightDoesNotCarryTheComposite) {
  auto weights_elsewhere = har_params();
  weights_elsewhere.har_weights = {0.0, 1.0, 0.0};
  Har har{weights_elsewhere};
  for (std::int64_t n = 1; n <= kHarDayMinutes; ++n) har.update(minute(n), 1e-3);
  EXPECT_TRUE(har.realized()[0]);
  EXPECT_FALSE(har.composite());
}

// A7: the daily form stays at the last complete UTC day; the row of 00:00 completes it.
TEST(Har, DailyFormChangesAtMidnightOnly) {
  Har har{har_params(HarForm::Level, HarRv::Daily)};
  for (std::int64_t n = 1; n <= kHarDayMinutes + 700; ++n) {
    har.update(minute(n), n <= kHarDayMinutes ? 1e-3 : 5e-3);
    if (n < kHarDayMinutes) {
      EXPECT_FALSE(har.composite()) << n;
    } else {
      EXPECT_NEAR(har.composite().value(), 1440e-6, 1e-15) << n;
    }
  }
}

TEST(Har, ADayEndsWithoutItsLastRowToo) {
  Har har{har_params(HarForm::Level, HarRv::Daily)};
  for (std::int64_t n = 1; n < kHarDayMinutes; ++n) har.update(minute(n), 1e-3);
  EXPECT_FALSE(har.composite());
  har.update(minute(kHarDayMinutes + 1), std::nullopt);
  EXPECT_NEAR(har.composite().value(), 1440e-6, 1e-15);
}

TEST(Har, StreamingEqualsTheDefinitionOverHoles) {
  test::Random random{9};
  Har har{har_params()};
  std::map<std::int64_t, double> squares;
  for (std::int64_t n = 1; n <= 6 * kHarDayMinutes; ++n) {
    if (random.below(40) == 0) continue;
    const double r = random.between(-1e-3, 1e-3);
    har.update(minute(n), r);
    squares[n] = r * r;
    if (n % 191 != 0) continue;
    for (std::int64_t h = 1; h <= 3; ++h) {
      double sum = 0.0;
      std::int64_t count = 0;
      for (auto it = squares.upper_bound(n - h * kHarDayMinutes); it != squares.end(); ++it) {
        sum += it->second;
        ++count;
      }
      const Value value = har.realized()[static_cast<std::size_t>(h - 1)];
      ASSERT_EQ(value.has_value(), 100 * count >= 95 * h * kHarDayMinutes);
      if (value) {
        const double expected = 1440.0 * sum / static_cast<double>(count);
        ASSERT_NEAR(*value, expected, 1e-12 * expected);
      }
    }
  }
}

// V9 through the class: days whose level follows its own past; the fit appears with the row of
// 00:00 that ends the last day it needs.
TEST(Har, TheFittedForecastAppearsAtMidnightAfterEnoughDays) {
  auto short_fit = har_params();
  short_fit.har_min_days = 10;
  Har har{short_fit};
  test::Random random{4};
  for (std::int64_t day = 0; day < 14; ++day) {
    const double size = random.between(1e-4, 1e-3);
    for (std::int64_t n = 1; n <= kHarDayMinutes; ++n) {
      har.update(minute(day * kHarDayMinutes + n), n % 2 == 0 ? size : -size);
      // Day 3 is the first whose start has all three horizons, day 12 makes the tenth row.
      const bool is_fitted = day > 12 || (day == 12 && n == kHarDayMinutes);
      ASSERT_EQ(har.fitted().has_value(), is_fitted) << day << ' ' << n;
    }
  }
}

}  // namespace
}  // namespace toxvol::factors
