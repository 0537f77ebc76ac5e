#include "toxvol/synth/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

#include "toxvol/synth/tables.hpp"

namespace toxvol::synth {
namespace {

TEST(Random, LogarithmAndExponentialAgreeWithTheLibrary) {
  double x = 1e-12;
  while (x < 1e12) {
    EXPECT_NEAR(log_of(x), std::log(x), 1e-14 * (1.0 + std::abs(std::log(x)))) << x;
    x *= 1.37;
  }
  x = -40.0;
  while (x < 40.0) {
    EXPECT_NEAR(exp_of(x) / std::exp(x), 1.0, 1e-14) << x;
    x += 0.37;
  }
}

TEST(Random, NormalQuantilesAreTheTabledOnes) {
  // Abramowitz & Stegun, table 26.5; symmetric on both sides of the break points.
  EXPECT_NEAR(normal_quantile(0.5), 0.0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 3e-9);
  EXPECT_NEAR(normal_quantile(0.9), 1.281551566, 3e-9);
  EXPECT_NEAR(normal_quantile(0.999), 3.090232306, 5e-9);
  EXPECT_NEAR(normal_quantile(0.001), -3.090232306, 5e-9);
  EXPECT_NEAR(normal_quantile(1e-6), -4.753424309, 1e-8);
}

TEST(Random, TheSequenceOfASeedNeverChanges) {
  Rng rng{1};
  const std::uint64_t first = rng.next();
  Rng again{1};
  EXPECT_EQ(again.next(), first);
  Rng other{2};
  EXPECT_NE(other.next(), first);
}

TEST(Random, NormalsHaveMeanZeroAndVarianceOne) {
  Rng rng{7};
  constexpr int kDraws = 200'000;
  double sum = 0.0;
  double squares = 0.0;
  double fourth = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.01);  // 4.5 standard errors
  EXPECT_NEAR(squares / kDraws, 1.0, 0.015);
  EXPECT_NEAR(fourth / kDraws, 3.0, 0.1);
}

TEST(Random, AGeometricHasItsMeanAndItsMost) {
  Rng rng{3};
  double sum = 0.0;
  for (int i = 0; i < 100'000; ++i) {
    const int value = rng.geometric(0.75, 20);
    ASSERT_LE(value, 20);
    sum += value;
  }
  EXPECT_NEAR(sum / 100'000, 3.0, 0.06);
}

TEST(QuantileTable, DrawsHaveTheQuantilesOfItsKnots) {
  const QuantileTable table{{{0.0, 1.0}, {0.5, 10.0}, {0.9, 100.0}, {1.0, 10'000.0}}, 10.0, 1};
  Rng rng{11};
  int below_median = 0;
  int above_ninth = 0;
  std::int64_t most = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t value = table.draw(rng);
    ASSERT_GE(value, 10);
    ASSERT_LE(value, 100'000);
    below_median += value < 100 ? 1 : 0;
    above_ninth += value > 1000 ? 1 : 0;
    most = std::max(most, value);
  }
  EXPECT_NEAR(below_median, 50'000, 800);
  EXPECT_NEAR(above_ninth, 10'000, 500);
  EXPECT_GT(most, 95'000);  // the last cell has cells of its own
}

}  // namespace
}  // namespace toxvol::synth
