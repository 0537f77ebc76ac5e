#include "toxvol/stats/sharpe.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/newey_west.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

// Bailey & López de Prado's worked hedge fund: monthly Sharpe ratio .458 over 24 months.
TEST(ProbabilisticSharpe, MatchesThePublishedExample) {
  const SharpeSample sample{.sharpe = .458, .count = 24, .skewness = -2.448, .kurtosis = 10.164};
  EXPECT_NEAR(*probabilistic_sharpe(sample, 0.0), .913361, 5e-7);
  const SharpeSample normal{.sharpe = .458, .count = 24};
  EXPECT_NEAR(*probabilistic_sharpe(normal, 0.0), .981675, 5e-7);
}

TEST(ProbabilisticSharpe, IsEmptyWhereTheEstimateHasNoVariance) {
  EXPECT_FALSE(probabilistic_sharpe({.sharpe = 0.1, .count = 1}, 0.0));
  EXPECT_TRUE(probabilistic_sharpe({.sharpe = 0.1, .count = 2}, 0.0));
  // 1 − 4·.5 + 0 = −1: skewness and kurtosis that no sample has together.
  EXPECT_FALSE(
      probabilistic_sharpe({.sharpe = 0.5, .count = 9, .skewness = 4.0, .kurtosis = 1.0}, 0.0));
}

TEST(Sharpe, HasTheDigitsOfTheResearchPage) {
  const Sharpe r = sharpe(test::returns());
  expect_digits(r.sharpe, 0.2604092096);
  expect_digits(r.se_iid, 0.06649568603);
  EXPECT_EQ(r.lags, 4U);
  expect_digits(r.se_nw, 0.07478189854);
  expect_digits(r.mean_se, 0.0002125018809);
  expect_digits(r.psr, 0.9999550188);
  expect_digits(r.psr_nw, 0.9997513897);
  expect_digits(r.min_trl, 43.16253139);
}

TEST(Sharpe, BelowZeroNoTrackRecordIsLongEnough) {
  const Sharpe f = sharpe(test::flat_returns());
  expect_digits(f.sharpe, -0.006022135631);
  expect_digits(f.se_iid, 0.06471951157);
  expect_digits(f.se_nw, 0.07204320583);
  expect_digits(f.mean_se, 0.0001303892431);
  expect_digits(f.psr, 0.4629320112);
  expect_digits(f.psr_nw, 0.4666909659);
  EXPECT_FALSE(f.min_trl);
}

TEST(Sharpe, WithoutSpreadIsUnknown) {
  for (const std::vector<double>& returns :
       {std::vector<double>{}, std::vector{0.1}, std::vector{0.1, 0.1, 0.1}}) {
    const Sharpe none = sharpe(returns);
    EXPECT_FALSE(none.sharpe);
    EXPECT_FALSE(none.se_iid);
    EXPECT_FALSE(none.se_nw);
    EXPECT_FALSE(none.mean_se);
    EXPECT_FALSE(none.psr);
    EXPECT_FALSE(none.psr_nw);
    EXPECT_FALSE(none.min_trl);
  }
  EXPECT_TRUE(sharpe(std::vector{0.1, 0.2}).psr);
}

// Bailey & López de Prado 2012: an annual ratio of 2 over 1, normal, at 95 %, asks for 2.73, 2.83
// and 3.24 years of days, weeks and months. Against 1 the formula is that of 0 with (SR − 1).
TEST(Sharpe, TrackRecordFollowsThePublishedFormula) {
  const double z = 1.6448536269514722;
  const auto years = [&](double units) {
    const double variance = 1.0 + 0.5 * 4.0 / units;
    return (1.0 + variance * (z * std::sqrt(units)) * (z * std::sqrt(units))) / units;
  };
  EXPECT_NEAR(years(250.0), 2.73, 0.005);
  EXPECT_NEAR(years(52.0), 2.83, 0.005);
  EXPECT_NEAR(years(12.0), 3.24, 0.005);
  // Two values a and b: skewness 0, kurtosis 1, so the variance of the estimate is 1.
  const Sharpe two = sharpe(std::vector{0.0, 1.0, 0.0, 1.0});
  const double ratio = 0.5 / std::sqrt(1.0 / 3.0);
  EXPECT_NEAR(*two.min_trl, 1.0 + (z / ratio) * (z / ratio), 1e-12);
}

TEST(NeweyWest, LagsGrowWithTheSeries) {
  EXPECT_EQ(newey_west_lags(0), 0U);
  EXPECT_EQ(newey_west_lags(99), 3U);
  EXPECT_EQ(newey_west_lags(100), 4U);
  EXPECT_EQ(newey_west_lags(2160), 7U);
  EXPECT_EQ(newey_west_lags(51'199), 15U);
  EXPECT_EQ(newey_west_lags(51'200), 16U);  // 4·512^{2/9} exactly
}

// x = −1.5, −.5, .5, 1.5: γ₀ = 1.25, γ₁ = (.75 − .25 + .75)/4 = .3125, γ₂ = −1.5/4.
TEST(NeweyWest, VarianceIsThatWorkedOutByHand) {
  const std::vector<double> x = centred(std::vector{1.0, 2.0, 3.0, 4.0});
  EXPECT_DOUBLE_EQ(autocovariance(x, 0), 1.25);
  EXPECT_DOUBLE_EQ(autocovariance(x, 1), 0.3125);
  EXPECT_DOUBLE_EQ(autocovariance(x, 2), -0.375);
  EXPECT_EQ(autocovariance(x, 4), 0.0);
  EXPECT_DOUBLE_EQ(long_run_variance(x, 0), 1.25);
  EXPECT_DOUBLE_EQ(long_run_variance(x, 2),
                   1.25 + 2.0 * (2.0 / 3.0) * 0.3125 - 2.0 * (1.0 / 3.0) * 0.375);
}

TEST(NeweyWest, AutocovarianceCountsEveryTermOfAnyLength) {
  for (std::size_t n = 1; n < 12; ++n) {
    for (std::size_t lag = 0; lag < n; ++lag) {
      EXPECT_EQ(autocovariance(std::vector<double>(n, 1.0), lag),
                static_cast<double>(n - lag) / static_cast<double>(n));
    }
  }
}

}  // namespace
}  // namespace toxvol::stats
