#include "toxvol/stats/moments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, Σ(x−5)² = 32, Σ(x−5)³ = 42, Σ(x−5)⁴ = 356.
TEST(Moments, AreThoseWorkedOutByHand) {
  const Moments moments = moments_of(std::vector{2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0});
  EXPECT_EQ(moments.count(), 8);
  EXPECT_DOUBLE_EQ(moments.mean(), 5.0);
  EXPECT_NEAR(*moments.population_deviation(), 2.0, 1e-15);
  EXPECT_NEAR(*moments.standard_deviation(), std::sqrt(32.0 / 7.0), 1e-14);
  EXPECT_NEAR(*moments.skewness(), (42.0 / 8.0) / std::pow(4.0, 1.5), 1e-14);
  EXPECT_NEAR(*moments.kurtosis(), (356.0 / 8.0) / 16.0, 1e-14);
}

TEST(Moments, WithoutSpreadHaveNoShape) {
  Moments moments;
  EXPECT_FALSE(moments.population_deviation());
  EXPECT_FALSE(moments.standard_deviation());
  moments.add(0.1);
  EXPECT_EQ(moments.population_deviation(), 0.0);
  EXPECT_FALSE(moments.standard_deviation());
  moments.add(0.1);
  moments.add(0.1);
  EXPECT_FALSE(moments.has_spread());
  EXPECT_EQ(moments.standard_deviation(), 0.0);
  EXPECT_FALSE(moments.skewness());
  EXPECT_FALSE(moments.kurtosis());
  moments.add(0.1 + 1e-16);
  EXPECT_TRUE(moments.has_spread());
}

TEST(Moments, HaveTheDigitsOfTheResearchPage) {
  const std::vector<double> r = test::returns();
  expect_digits(r[0], 0.005048021209);
  expect_digits(r[1], 0.0007792032563);
  expect_digits(r[2], 0.0001195032165);
  expect_digits(std::accumulate(r.begin(), r.end(), 0.0), 0.185808506);
  const Moments of_r = moments_of(r);
  expect_digits(of_r.mean(), 0.0007742021084);
  expect_digits(of_r.standard_deviation(), 0.002973021229);
  expect_digits(of_r.skewness(), -0.1276215228);
  expect_digits(of_r.kurtosis(), 2.388926699);

  const std::vector<double> f = test::flat_returns();
  expect_digits(std::accumulate(f.begin(), f.end(), 0.0), -0.002623399372);
  EXPECT_EQ(std::count(f.begin(), f.end(), 0.0), 147);
  const Moments of_f = moments_of(f);
  expect_digits(of_f.mean(), -1.093083072e-05);
  expect_digits(of_f.standard_deviation(), 0.00181510869);
  expect_digits(of_f.skewness(), 0.1739381461);
  expect_digits(of_f.kurtosis(), 4.47964371);
}

}  // namespace
}  // namespace toxvol::stats
