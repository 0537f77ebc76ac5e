#include "toxvol/factors/rolling.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/compensated_sum.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::minute;

// 1e16 swallows a 1 in plain addition: (1e16 + 1 + 1 − 1e16) would be 0.
TEST(CompensatedSum, KeepsWhatPlainAdditionLoses) {
  CompensatedSum sum;
  sum.add(1e16);
  sum.add(1.0);
  sum.add(1.0);
  sum.remove(1e16);
  EXPECT_EQ(sum.value(), 2.0);
}

// The bigger operand may be the new one.
TEST(CompensatedSum, KeepsTheOldSumWhenTheNewNumberIsBigger) {
  CompensatedSum sum;
  sum.add(1.0);
  sum.add(1e100);
  sum.add(1.0);
  sum.add(-1e100);
  EXPECT_EQ(sum.value(), 2.0);
}

// Observations 1, 2, 4: mean 7/3, sd √(7/3) with n − 1.
TEST(RollingMoments, HasTheMeanAndSdWorkedOutByHand) {
  RollingMoments moments{minutes{60}};
  const std::vector<double> values = {1, 2, 4};
  for (std::size_t i = 0; i < values.size(); ++i) {
    moments.advance(minute(static_cast<std::int64_t>(i)));
    moments.add(minute(static_cast<std::int64_t>(i)), values[i]);
  }
  moments.advance(minute(3));
  EXPECT_NEAR(moments.mean(), 7.0 / 3.0, 1e-15);
  EXPECT_NEAR(moments.sd(), std::sqrt(7.0 / 3.0), 1e-15);
}

// Z1: t − W is inside, one nanosecond before it is not, and t itself is not.
TEST(RollingMoments, HoldsTheWindowClosedBelowAndOpenAbove) {
  RollingMoments moments{minutes{10}};
  moments.advance(minute(0));
  EXPECT_EQ(moments.count(), 0);
  moments.add(minute(0), 1.0);
  moments.advance(minute(10));
  EXPECT_EQ(moments.count(), 1);
  moments.advance(minute(10) + Duration{1});
  EXPECT_EQ(moments.count(), 0);
}

TEST(RollingMoments, ConstantObservationsHaveNoSpread) {
  RollingMoments moments{minutes{100}};
  for (int i = 0; i < 1000; ++i) {
    moments.advance(minute(i));
    if (i > 1) {
      EXPECT_EQ(moments.sd(), 0.0);
    }
    moments.add(minute(i), 0.1);
  }
}

// G10. Ten million updates whose level wanders over six orders of magnitude of the spread.
TEST(RollingMoments, TenMillionUpdatesEqualTheStoredWindow) {
  constexpr std::int64_t kWindow = 10'080;
  test::Random random{7};
  RollingMoments moments{minutes{kWindow}};
  std::vector<double> ring(kWindow);
  double level = 0.0;
  for (std::int64_t i = 0; i < 10'000'000; ++i) {
    const Timestamp now = minute(i);
    moments.advance(now);
    if (i >= kWindow && i % 99'991 == 0) {
      double mean = 0.0;
      for (const double x : ring) mean += x - ring[0];
      mean = ring[0] + mean / kWindow;
      double squares = 0.0;
      for (const double x : ring) squares += (x - mean) * (x - mean);
      const double sd = std::sqrt(squares / (kWindow - 1));
      ASSERT_EQ(moments.count(), kWindow);
      ASSERT_NEAR(moments.mean(), mean, 1e-12 * std::abs(mean) + 1e-12 * sd);
      ASSERT_NEAR(moments.sd() / sd, 1.0, 1e-11);
    }
    level += random.between(-0.1, 0.1);
    const double outlier = random.below(1'000'000) == 0 ? 1e6 : 0.0;
    const double x = level + random.between(-1.0, 1.0) + outlier;
    ring[static_cast<std::size_t>(i % kWindow)] = x;
    moments.add(now, x);
  }
}

ZScore::Params z_params() {
  return {.window = minutes{10}, .min_count = 3, .floor = 0.01, .clip = 5.0};
}

// Prior 1, 2, 3: mean 2, sd 1. The current observation is never among them (Z1, Z3, Z4).
// R41: −3 to 3 about 10, in twos.
TEST(ZScore, WithAFixedScaleAsksForNoHistory) {
  ZScore z{{.window = minutes{10},
            .min_count = 2,
            .floor = 0.01,
            .clip = 5.0,
            .fixed = FixedScale{.mean = 10.0, .sd = 2.0}}};
  EXPECT_EQ(z.update(minute(0), 16.0), 3.0);
  EXPECT_EQ(z.update(minute(1), 4.0), -3.0);
  EXPECT_EQ(z.update(minute(2), std::nullopt), std::nullopt);
  EXPECT_EQ(z.update(minute(3), 1000.0), 5.0) << "clipped as ever";
}

TEST(ZScore, AFixedScaleKeepsItsFloor) {
  ZScore z{{.window = minutes{10},
            .min_count = 2,
            .floor = 0.5,
            .clip = 5.0,
            .fixed = FixedScale{.mean = 1.0, .sd = 0.1}}};
  EXPECT_EQ(z.update(minute(0), 2.0), 2.0);
}

TEST(ZScore, ScoresAgainstStrictlyPriorObservations) {
  ZScore z{z_params()};
  EXPECT_FALSE(z.update(minute(0), 1.0));
  EXPECT_FALSE(z.update(minute(1), 2.0));
  EXPECT_FALSE(z.update(minute(2), 3.0));
  EXPECT_NEAR(z.update(minute(3), 4.5).value(), 2.5, 1e-14);
}

TEST(ZScore, ANullIsNoObservationAndGivesNone) {
  ZScore z{z_params()};
  z.update(minute(0), 1.0);
  z.update(minute(1), 2.0);
  EXPECT_FALSE(z.update(minute(2), std::nullopt));
  EXPECT_FALSE(z.update(minute(3), 3.0));  // two prior ones still
  EXPECT_FALSE(z.update(minute(4), std::nullopt));
  EXPECT_NEAR(z.update(minute(5), 4.5).value(), 2.5, 1e-14);
}

TEST(ZScore, DividesByTheFloorWhereTheSpreadIsBelowIt) {
  ZScore z{z_params()};
  for (int i = 0; i < 3; ++i) z.update(minute(i), 1.0);
  EXPECT_NEAR(z.update(minute(3), 1.02).value(), 2.0, 1e-12);
}

// Prior 1, 1, 1 with floor 0.01: 2 scores 100, held to 5; entered as 2 the next mean is 1.25.
TEST(ZScore, IsClippedButTheUnclippedValueEntersLaterWindows) {
  ZScore z{z_params()};
  for (int i = 0; i < 3; ++i) z.update(minute(i), 1.0);
  EXPECT_EQ(z.update(minute(3), 2.0), 5.0);
  EXPECT_NEAR(z.update(minute(4), 1.25).value(), 0.0, 1e-14);
  EXPECT_EQ(z.update(minute(5), -100.0), -5.0);
}

TEST(ZScore, OldObservationsLeaveTheWindow) {
  ZScore z{z_params()};
  z.update(minute(0), 1000.0);
  for (int i = 1; i < 4; ++i) z.update(minute(i), i);
  // At minute 10 the first one, exactly W ago, still counts; at 11 it does not.
  EXPECT_LT(std::abs(z.update(minute(10), 2.0).value()), 1.0);
  EXPECT_NEAR(z.update(minute(11), 2.0).value(), 0.0, 1e-14);
}

// C1: √((1 + 4)/2) over the last two.
TEST(EventWindow, KeepsTheLastNAndGivesTheirRms) {
  EventWindow window{2};
  window.add(100.0);
  window.add(1.0);
  window.add(-2.0);
  EXPECT_EQ(window.count(), 2);
  EXPECT_DOUBLE_EQ(window.mean(), -0.5);
  EXPECT_DOUBLE_EQ(window.rms(), std::sqrt(2.5));
  EXPECT_DOUBLE_EQ(window.sd(), std::sqrt(4.5));
}

TEST(EventZScore, ScoresAgainstTheEventsBeforeIt) {
  EventZScore z{{.events = 3, .min_count = 3, .floor = 2e-5, .clip = 5.0}};
  for (const double x : {50.0, 1.0, 2.0}) EXPECT_FALSE(z.update(x));
  z.update(3.0);
  EXPECT_NEAR(z.update(4.5).value(), 2.5, 1e-14);
}

}  // namespace
}  // namespace toxvol::factors
