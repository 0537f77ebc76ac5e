#include "toxvol/run/inference.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

namespace {

using toxvol::run::expected_largest_sharpe;
using toxvol::run::Moments;
using toxvol::run::normal_cdf;
using toxvol::run::normal_quantile;
using toxvol::run::probabilistic_sharpe;
using toxvol::run::SharpeSample;

// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, Σ(x−5)² = 32, Σ(x−5)³ = 42, Σ(x−5)⁴ = 356.
TEST(Moments, AreThoseWorkedOutByHand) {
  Moments moments;
  for (const double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) moments.add(x);
  EXPECT_EQ(moments.count(), 8);
  EXPECT_DOUBLE_EQ(moments.mean(), 5.0);
  EXPECT_NEAR(*moments.standard_deviation(), std::sqrt(32.0 / 7.0), 1e-14);
  EXPECT_NEAR(*moments.skewness(), (42.0 / 8.0) / std::pow(4.0, 1.5), 1e-14);
  EXPECT_NEAR(*moments.kurtosis(), (356.0 / 8.0) / 16.0, 1e-14);
}

TEST(Moments, WithoutSpreadHaveNoShape) {
  Moments moments;
  EXPECT_FALSE(moments.standard_deviation());
  moments.add(1.5);
  EXPECT_FALSE(moments.standard_deviation());
  moments.add(1.5);
  EXPECT_EQ(moments.standard_deviation(), 0.0);
  EXPECT_FALSE(moments.skewness());
  EXPECT_FALSE(moments.kurtosis());
}

TEST(Normal, QuantileInvertsTheDistribution) {
  EXPECT_NEAR(normal_cdf(1.96), 0.9750021048517795, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.5), 0.0, 1e-15);
  for (const double p : {1e-9, 0.01, 0.3, 0.9, 0.999999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)), p, 1e-15 + 1e-14 * p);
  }
}

// Bailey & López de Prado's worked hedge fund: monthly Sharpe ratio .458 over 24 months.
TEST(ProbabilisticSharpe, MatchesThePublishedExample) {
  const SharpeSample sample{.sharpe = .458, .count = 24, .skewness = -2.448, .kurtosis = 10.164};
  EXPECT_NEAR(*probabilistic_sharpe(sample, 0.0), .913361, 5e-7);
  const SharpeSample normal{.sharpe = .458, .count = 24};
  EXPECT_NEAR(*probabilistic_sharpe(normal, 0.0), .981675, 5e-7);
}

// The paper's example: SR 2.5 a year of 250 days, 1250 days, variance of the trials ½ a year.
TEST(ProbabilisticSharpe, DeflatedMatchesThePublishedExample) {
  struct Row {
    std::int64_t trials;
    double benchmark;
    double deflated;
    double deflated_normal;
  };
  const SharpeSample sample{
      .sharpe = 2.5 / std::sqrt(250.0), .count = 1250, .skewness = -3.0, .kurtosis = 10.0};
  const SharpeSample normal{.sharpe = sample.sharpe, .count = 1250};
  for (const Row& row :
       {Row{10, .07041818, .99387964, .99896528}, Row{100, .11317200, .90039683, .94277059},
        Row{1000, .14557346, .63991496, .67019413}}) {
    const double benchmark = expected_largest_sharpe(0.5 / 250.0, row.trials);
    EXPECT_NEAR(benchmark, row.benchmark, 5e-9) << row.trials;
    EXPECT_NEAR(*probabilistic_sharpe(sample, benchmark), row.deflated, 5e-9) << row.trials;
    EXPECT_NEAR(*probabilistic_sharpe(normal, benchmark), row.deflated_normal, 5e-9) << row.trials;
  }
}

TEST(ProbabilisticSharpe, OneTrialHasNothingToDeflate) {
  EXPECT_EQ(expected_largest_sharpe(0.5, 1), 0.0);
  EXPECT_GT(expected_largest_sharpe(0.5, 2), 0.0);
}

TEST(ProbabilisticSharpe, IsEmptyWhereTheEstimateHasNoVariance) {
  EXPECT_FALSE(probabilistic_sharpe({.sharpe = 0.1, .count = 1}, 0.0));
  EXPECT_TRUE(probabilistic_sharpe({.sharpe = 0.1, .count = 2}, 0.0));
  // 1 − 4·.5 + 0 = −1: skewness and kurtosis that no sample has together.
  EXPECT_FALSE(
      probabilistic_sharpe({.sharpe = 0.5, .count = 9, .skewness = 4.0, .kurtosis = 1.0}, 0.0));
}

}  // namespace
