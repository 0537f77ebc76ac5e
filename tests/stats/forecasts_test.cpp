#include "toxvol/stats/forecasts.hpp"

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <math.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/distributions.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/regression.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

/// y, f₁ and f₂ of §14.
struct Forecasts {
  std::vector<double> y;
  std::vector<double> f1;
  std::vector<double> f2;
};
Forecasts forecasts() {
  constexpr std::size_t kCount = 240;
  const auto u = test::centred_uniforms(test::kSeed, 0, kCount);
  const auto v = test::centred_uniforms(test::kSeed, 1, kCount);
  const auto w = test::centred_uniforms(test::kSeed, 2, kCount);
  Forecasts result;
  for (std::size_t t = 0; t < kCount; ++t) {
    result.f1.push_back(1.0 + (u[t] + 0.5));
    result.y.push_back(result.f1[t] * (0.5 + (v[t] + 0.5)));
    result.f2.push_back(1.0 + 0.5 * (u[t] + 0.5) + 0.5 * (w[t] + 0.5));
  }
  return result;
}

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

TEST(Losses, HaveTheDigitsOfTheResearchPage) {
  const Forecasts s = forecasts();
  const Losses of_f1 = losses(s.y, s.f1);
  const Losses of_f2 = losses(s.y, s.f2);
  expect_digits(mean(of_f1.qlike), 0.04623926245);
  expect_digits(mean(of_f2.qlike), 0.05569968212);
  expect_digits(mean(of_f1.mse), 0.1950928891);
  expect_digits(mean(of_f2.mse), 0.2284174759);
}

TEST(Losses, AreNothingWhereTheForecastIsRight) {
  const Losses right = losses(std::vector{2.0}, std::vector{2.0});
  EXPECT_EQ(right.qlike[0], 0.0);
  EXPECT_EQ(right.mse[0], 0.0);
}

TEST(DieboldMariano, HasTheDigitsOfTheResearchPage) {
  const Forecasts s = forecasts();
  const auto worse = losses(s.y, s.f2).qlike;
  const auto better = losses(s.y, s.f1).qlike;
  const DieboldMariano one = diebold_mariano(worse, better, 1);
  expect_digits(one.dm, 3.549167599);
  expect_digits(one.hln, 3.541765781);
  expect_digits(one.p, 0.0004777534853);
  expect_digits(one.t_nw, 4.05944665);
  expect_digits(one.p_nw, 4.918914443e-05);
  const DieboldMariano three = diebold_mariano(worse, better, 3);
  expect_digits(three.dm, 4.113345886);
  expect_digits(three.hln, 4.070489513);
  expect_digits(three.p, 6.379569152e-05);
  EXPECT_EQ(three.t_nw, one.t_nw);
}

// d = ±1 in turn: γ₁ = −29/30, so that γ₀ + 2γ₁ < 0 and Bartlett's γ₀ + γ₁ = 1/30 stands in. Its
// mean is 0, to be seen only where one d is 2.
TEST(DieboldMariano, FallsBackToBartlettWhereTheVarianceIsNotPositive) {
  std::vector<double> first(30);
  for (std::size_t i = 0; i < first.size(); ++i) first[i] = i % 2 == 0 ? 1.0 : -1.0;
  const std::vector<double> second(30, 0.0);
  const DieboldMariano even = diebold_mariano(first, second, 2);
  EXPECT_NEAR(*even.dm, 0.0, 1e-12);
  EXPECT_NEAR(*even.p, 1.0, 1e-12);
  first[0] = 2.0;  // mean 1/30
  const DieboldMariano odd = diebold_mariano(first, second, 2);
  double gamma0 = 0.0;
  double gamma1 = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    gamma0 += (first[i] - 1.0 / 30.0) * (first[i] - 1.0 / 30.0) / 30.0;
    if (i > 0) gamma1 += (first[i] - 1.0 / 30.0) * (first[i - 1] - 1.0 / 30.0) / 30.0;
  }
  ASSERT_LT(gamma0 + 2.0 * gamma1, 0.0);
  EXPECT_NEAR(*odd.dm, (1.0 / 30.0) / std::sqrt((gamma0 + gamma1) / 30.0), 1e-12);
}

TEST(DieboldMariano, NeedsThirtyLossesThatDiffer) {
  std::vector<double> first(29, 0.0);
  first[0] = 1.0;
  EXPECT_FALSE(diebold_mariano(first, std::vector<double>(29, 0.0), 1).dm);
  first.push_back(0.0);
  EXPECT_TRUE(diebold_mariano(first, std::vector<double>(30, 0.0), 1).dm);
  EXPECT_FALSE(diebold_mariano(first, first, 1).dm);
}

TEST(MincerZarnowitz, HasTheDigitsOfTheResearchPage) {
  const Forecasts s = forecasts();
  const MincerZarnowitz plain = mincer_zarnowitz(s.y, s.f1, false);
  expect_digits(plain.a, -0.09363175732);
  expect_digits(plain.b, 1.064023389);
  expect_digits(plain.se_a, 0.1273460766);
  expect_digits(plain.se_b, 0.08767011657);
  expect_digits(plain.r2, 0.3116062576);
  expect_digits(plain.w, 0.5445407597);
  expect_digits(plain.p, 0.7616482989);
  const MincerZarnowitz divided = mincer_zarnowitz(s.y, s.f2, true);
  expect_digits(divided.a, -0.2483466544);
  expect_digits(divided.b, 1.183028089);
  expect_digits(divided.se_a, 0.2142720944);
  expect_digits(divided.se_b, 0.1434690943);
  expect_digits(divided.w, 2.132272731);
  expect_digits(divided.p, 0.3443363405);
}

TEST(MincerZarnowitz, WhereTheForecastNeverMovesHasNoSlope) {
  const Forecasts s = forecasts();
  const MincerZarnowitz fit = mincer_zarnowitz(s.y, std::vector<double>(240, 2.0), false);
  EXPECT_NEAR(*fit.a, mean(s.y), 1e-12);
  EXPECT_FALSE(fit.b);
  EXPECT_FALSE(fit.se_b);
  EXPECT_FALSE(fit.w);
  EXPECT_FALSE(mincer_zarnowitz(std::vector{1.0}, std::vector{1.0}, false).a);
}

// y = 1 + 2x + e, e = (1, −1, −1, 1)/2: θ is exact, u = e·(1, x), no lags:
// V of the slope = Σ(x − x̄)²e²/(Σ(x − x̄)²)² = 1.25/25.
TEST(Regression, IsThatWorkedOutByHand) {
  Matrix x{4, 3};
  x.set_column(0, std::vector{1.0, 1.0, 1.0, 1.0});
  x.set_column(1, std::vector{0.0, 1.0, 2.0, 3.0});
  x.set_column(2, std::vector{2.0, 3.0, 4.0, 5.0});  // 2 + x: explained
  const Regression fit = regress(std::vector{1.5, 2.5, 4.5, 7.5}, x.view(), 0);
  EXPECT_NEAR(*fit.coefficients[0], 1.0, 1e-12);
  EXPECT_NEAR(*fit.coefficients[1], 2.0, 1e-12);
  EXPECT_FALSE(fit.coefficients[2]);
  EXPECT_FALSE(fit.errors[2]);
  EXPECT_NEAR(*fit.errors[1], std::sqrt(1.25 / 25.0), 1e-12);
  EXPECT_NEAR(*fit.r2, 1.0 - 1.0 / 21.0, 1e-12);
}

// Tabulated: t = 2.228 with 10 degrees and 1.960 with very many leave 5 %; one degree is Cauchy's.
TEST(Student, HasItsTabulatedValues) {
  EXPECT_NEAR(student_two_sided(2.228138851986274, 10.0), 0.05, 1e-13);
  EXPECT_NEAR(student_two_sided(-2.228138851986274, 10.0), 0.05, 1e-13);
  EXPECT_NEAR(student_two_sided(1.0, 1.0), 0.5, 1e-14);
  EXPECT_NEAR(student_two_sided(0.1, 1.0), 1.0 - 2.0 / M_PI * std::atan(0.1), 1e-14);
  // Two degrees: 1 − t/√(2 + t²).
  EXPECT_NEAR(student_two_sided(3.0, 2.0), 1.0 - 3.0 / std::sqrt(11.0), 1e-14);
  EXPECT_NEAR(student_two_sided(1.959963984540054, 1e7), 0.05, 1e-7);
  EXPECT_EQ(student_two_sided(0.0, 5.0), 1.0);
}

}  // namespace
}  // namespace toxvol::stats
