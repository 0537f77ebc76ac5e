#include "toxvol/factors/diurnal.hpp"

#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {
namespace {

using test::minute;

constexpr std::int64_t kDayMinutes = 1440;

TEST(Diurnal, IsEmptyUntilSevenDaysHaveAFedBar) {
  Diurnal diurnal;
  for (std::int64_t day = 0; day < 9; ++day) {
    const Timestamp open_time = minute(day * kDayMinutes + 600);
    EXPECT_EQ(diurnal.factor(open_time).has_value(), day >= 7) << day;
    diurnal.update(open_time, 1.0);
  }
}

// Every minute 1, but minute 600 always 1441: the overall mean is 2. Thirty-one minutes around it
// see it as (30 + 1441)/31, over 2; the others are ½.
TEST(Diurnal, IsTheCircularMeanOverTheMeanOfAll) {
  Diurnal diurnal;
  for (std::int64_t n = 0; n < 8 * kDayMinutes; ++n) {
    const Timestamp open_time = minute(n);
    const Value factor = diurnal.factor(open_time);
    const std::int64_t m = n % kDayMinutes;
    if (n >= 7 * kDayMinutes) {
      const double expected = m >= 585 && m <= 615 ? 1471.0 / 31.0 / 2.0 : 0.5;
      ASSERT_NEAR(factor.value(), expected, 1e-12) << m;
    }
    diurnal.update(open_time, m == 600 ? 1441.0 : 1.0);
  }
}

TEST(Diurnal, TheMeanRunsAroundMidnight) {
  Diurnal diurnal;
  for (std::int64_t n = 0; n < 8 * kDayMinutes; ++n) {
    const Value factor = diurnal.factor(minute(n));
    const std::int64_t m = n % kDayMinutes;
    if (n >= 7 * kDayMinutes) {
      const bool is_near = m <= 10 || m >= 1440 - 20;  // 15 minutes around 23:55
      ASSERT_EQ(*factor > 1.0, is_near) << m;
    }
    diurnal.update(minute(n), m == 1435 ? 1441.0 : 1.0);
  }
}

// Thirty days back: what day 0 had is still there on day 30 and gone on day 31.
TEST(Diurnal, ForgetsADayAfterThirty) {
  for (const std::int64_t last : {30, 31}) {
    Diurnal diurnal;
    Value factor;
    for (std::int64_t day = 0; day <= last; ++day) {
      for (const std::int64_t m : {100, 700}) {
        const Timestamp open_time = minute(day * kDayMinutes + m);
        factor = diurnal.factor(open_time);
        diurnal.update(open_time, day == 0 && m == 700 ? 31.0 : 1.0);
      }
    }
    // Minute 700: mean (29 + 31)/30 = 2 and overall 1.5, or 1 and 1.
    EXPECT_NEAR(factor.value(), last == 30 ? 2.0 / 1.5 : 1.0, 1e-14);
  }
}

TEST(Diurnal, IsEmptyFarFromEverythingSeen) {
  Diurnal diurnal;
  for (std::int64_t day = 0; day < 7; ++day) {
    static_cast<void>(diurnal.factor(minute(day * kDayMinutes + 600)));
    diurnal.update(minute(day * kDayMinutes + 600), 1.0);
  }
  EXPECT_FALSE(diurnal.factor(minute(7 * kDayMinutes + 584)));
  EXPECT_TRUE(diurnal.factor(minute(7 * kDayMinutes + 585)));
  EXPECT_TRUE(diurnal.factor(minute(7 * kDayMinutes + 615)));
  EXPECT_FALSE(diurnal.factor(minute(7 * kDayMinutes + 616)));
}

TEST(Diurnal, DoesNotKnowItsOwnDay) {
  Diurnal diurnal;
  for (std::int64_t n = 0; n < 7 * kDayMinutes; ++n) {
    static_cast<void>(diurnal.factor(minute(n)));
    diurnal.update(minute(n), 1.0);
  }
  for (std::int64_t n = 7 * kDayMinutes; n < 8 * kDayMinutes; ++n) {
    ASSERT_EQ(diurnal.factor(minute(n)), 1.0);
    diurnal.update(minute(n), static_cast<double>(n));
  }
}

}  // namespace
}  // namespace toxvol::factors
