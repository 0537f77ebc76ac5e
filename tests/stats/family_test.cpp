#include "toxvol/stats/family.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/core/normal.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;
using test::kSeed;

constexpr Resampling kFamily{.seed = kSeed, .stream = Stream::Family};
constexpr Resampling kPair{.seed = kSeed, .stream = Stream::Pair};

/// The columns of §14's matrix from the second on, less the first.
Matrix against_first() {
  const Matrix trials = test::trials();
  const MatrixView view = trials.view();
  const std::vector<double> base = view.column(0);
  Matrix result{view.rows, view.columns - 1};
  for (std::size_t j = 1; j < view.columns; ++j) {
    std::vector<double> column = view.column(j);
    for (std::size_t t = 0; t < column.size(); ++t) column[t] -= base[t];
    result.set_column(j - 1, column);
  }
  return result;
}

TEST(Family, AgainstZeroHasTheDigitsOfTheResearchPage) {
  const Matrix trials = test::trials();
  const Family f = family(trials.view(), kFamily);
  EXPECT_EQ(f.length, 1);
  expect_digits(f.omega[0], 0.003317494089);
  expect_digits(f.omega[1], 0.003142438021);
  expect_digits(f.omega[2], 0.003105742446);
  expect_digits(f.t[0], -0.2432197089);
  expect_digits(f.t[1], -0.81329898);
  expect_digits(f.t[2], 2.210873401);
  expect_digits(f.largest, 2.584374626);
  EXPECT_DOUBLE_EQ(*f.p_lower, 0.0405);
  EXPECT_DOUBLE_EQ(*f.p_consistent, 0.0585);
  EXPECT_DOUBLE_EQ(*f.p_upper, 0.0585);
  EXPECT_DOUBLE_EQ(*f.p_one_sided[9], 0.1815);
  EXPECT_DOUBLE_EQ(*f.p_one_sided[10], 0.0585);
  EXPECT_DOUBLE_EQ(*f.p_one_sided[11], 0.3);
  expect_digits(f.c95, 2.867982603);
}

TEST(Family, AgainstABaseHasTheDigitsOfTheResearchPage) {
  const Matrix differences = against_first();
  const Family f = family(differences.view(), kFamily);
  EXPECT_EQ(f.length, 2);
  expect_digits(f.t[0], -0.4486974143);
  expect_digits(f.t[1], 1.872904767);
  expect_digits(f.t[2], -0.1719993138);
  EXPECT_DOUBLE_EQ(*f.p_two_sided[0], 0.9775);
  EXPECT_DOUBLE_EQ(*f.p_two_sided[1], 0.3175);
  EXPECT_DOUBLE_EQ(*f.p_two_sided[2], 0.9885);
  EXPECT_DOUBLE_EQ(*f.p_consistent, 0.1415);
  expect_digits(f.c95, 2.681761074);
}

TEST(Family, LeavesOutColumnsWithoutSpread) {
  const Matrix trials = test::trials();
  const MatrixView view = trials.view();
  Matrix wider{view.rows, view.columns + 1};
  wider.set_column(0, std::vector<double>(view.rows, 0.1));
  for (std::size_t j = 0; j < view.columns; ++j) wider.set_column(j + 1, view.column(j));
  const Family all = family(view, kFamily);
  const Family f = family(wider.view(), kFamily);
  EXPECT_FALSE(f.omega[0]);
  EXPECT_FALSE(f.t[0]);
  EXPECT_FALSE(f.p_one_sided[0]);
  EXPECT_FALSE(f.p_two_sided[0]);
  EXPECT_EQ(f.length, all.length);
  EXPECT_EQ(f.c95, all.c95);
  for (std::size_t j = 0; j < view.columns; ++j) {
    EXPECT_EQ(f.p_two_sided[j + 1], all.p_two_sided[j]);
  }
}

TEST(Family, IsUnknownBelowThirtyRowsAndWithoutSpread) {
  const Matrix few = test::matrix(1, 29, 3, 0.0, 0.0);
  const Family short_one = family(few.view(), kFamily);
  EXPECT_FALSE(short_one.length);
  EXPECT_FALSE(short_one.p_consistent);
  EXPECT_EQ(short_one.t.size(), 3U);
  EXPECT_FALSE(short_one.t[0]);
  EXPECT_TRUE(family(test::matrix(1, 30, 3, 0.0, 0.0).view(), kFamily).p_consistent);
  const Matrix flat{50, 2};
  EXPECT_FALSE(family(flat.view(), kFamily).length);
}

TEST(Family, WhereNoColumnEarnsTheTestSaysSo) {
  const Matrix losing = test::matrix(1, 60, 4, 0.0, 0.0);
  Matrix below{60, 4};
  for (std::size_t j = 0; j < 4; ++j) {
    std::vector<double> column = losing.view().column(j);
    for (double& x : column) x -= 0.01;
    below.set_column(j, column);
  }
  const Family f = family(below.view(), kFamily);
  EXPECT_EQ(f.largest, 0.0);
  EXPECT_EQ(f.p_consistent, 1.0);
}

TEST(Family, FewResamplesHaveNoBand) {
  const Matrix trials = test::trials();
  EXPECT_FALSE(family(trials.view(), {.seed = 1, .stream = Stream::Family, .resamples = 18}).c95);
  EXPECT_TRUE(family(trials.view(), {.seed = 1, .stream = Stream::Family, .resamples = 19}).c95);
}

// Blocks of one row are independent draws: ω̂² is the variance. L = 2: weights
// (1 − i/4)/2^i + (i/4)/2^{4−i} of γ₁ = .3125, γ₂ = −.375, γ₃ = −.5625.
TEST(BootstrapDeviation, IsThatWorkedOutByHand) {
  const std::vector<double> x{1.0, 2.0, 3.0, 4.0};
  EXPECT_NEAR(*bootstrap_deviation(x, 1), std::sqrt(1.25), 1e-15);
  EXPECT_FALSE(bootstrap_deviation(std::vector<double>(5, 0.1), 2));
  const double w1 = 0.75 * 0.5 + 0.25 * 0.125;
  const double w2 = 0.5 * 0.25 + 0.5 * 0.25;
  const double w3 = 0.25 * 0.125 + 0.75 * 0.5;
  EXPECT_NEAR(*bootstrap_deviation(x, 2),
              std::sqrt(1.25 + 2.0 * (w1 * 0.3125 - w2 * 0.375 - w3 * 0.5625)), 1e-15);
}

TEST(Pair, HasTheDigitsOfTheResearchPage) {
  const Pair p = pair(test::returns(), test::flat_returns(), kPair);
  expect_digits(p.d, -0.0007851329392);
  EXPECT_EQ(p.length, 4);
  expect_digits(p.t, -2.875020515);
  EXPECT_DOUBLE_EQ(*p.p, 0.0045);
  expect_digits(p.range->lo, -0.001277424174);
  expect_digits(p.range->hi, -0.0002243089708);
  expect_digits(p.d_sharpe, -0.2664313453);
  expect_digits(p.d_sharpe_range->lo, -0.4810697567);
  expect_digits(p.d_sharpe_range->hi, -0.04208257392);
}

TEST(Pair, OfEqualSeriesIsNothingAndUntested) {
  const Pair p = pair(test::returns(), test::returns(), kPair);
  EXPECT_EQ(p.d, 0.0);
  EXPECT_EQ(p.d_sharpe, 0.0);
  EXPECT_EQ(p.length, 1);
  EXPECT_FALSE(p.t);
  EXPECT_FALSE(p.p);
  EXPECT_FALSE(p.range);
  EXPECT_FALSE(p.d_sharpe_range);
}

TEST(Pair, WithASeriesThatNeverTradedHasADifferenceButNoRatio) {
  const std::vector<double> none(240, 0.0);
  const Pair p = pair(none, test::returns(), kPair);
  expect_digits(p.d, 0.0007742021084);
  EXPECT_TRUE(p.t);
  EXPECT_TRUE(p.range);
  EXPECT_FALSE(p.d_sharpe);
  EXPECT_FALSE(p.d_sharpe_range);
}

TEST(Pair, BelowThirtyRowsIsAPointEstimate) {
  const std::vector<double> a{1.0, 2.0, 4.0};
  const std::vector<double> b{2.0, 2.0, 3.0};
  const Pair p = pair(a, b, kPair);
  EXPECT_EQ(p.d, 0.0);
  EXPECT_TRUE(p.d_sharpe);
  EXPECT_FALSE(p.length);
  EXPECT_FALSE(p.t);
  EXPECT_FALSE(pair({}, {}, kPair).d);
}

TEST(BaseComparison, IsTheFamilyOfTheDifferencesAndItsPairs) {
  const Matrix trials = test::trials();
  const MatrixView view = trials.view();
  Matrix rest{view.rows, view.columns - 1};
  for (std::size_t j = 1; j < view.columns; ++j) rest.set_column(j - 1, view.column(j));
  const BaseComparison compared = compare_with_base(rest.view(), view.column(0), kFamily);
  const Matrix differences = against_first();
  const Family f = family(differences.view(), kFamily);
  EXPECT_EQ(compared.family.p_two_sided, f.p_two_sided);
  EXPECT_EQ(compared.family.c95, f.c95);
  ASSERT_EQ(compared.pairs.size(), 11U);
  for (std::size_t j = 0; j < 11; ++j) {
    const Pair& p = compared.pairs[j];
    EXPECT_EQ(p.t, f.t[j]);
    EXPECT_EQ(p.length, f.length);
    EXPECT_DOUBLE_EQ(*p.p, 2.0 * normal_cdf(-std::abs(*p.t)));
    EXPECT_LT(p.range->lo, *p.d);
    EXPECT_GT(p.range->hi, *p.d);
    EXPECT_LT(p.d_sharpe_range->lo, *p.d_sharpe);
    EXPECT_GT(p.d_sharpe_range->hi, *p.d_sharpe);
  }
}

TEST(BaseComparison, LeavesAVariantThatEqualsItsBaseUntested) {
  const Matrix trials = test::trials();
  const BaseComparison compared =
      compare_with_base(trials.view(), trials.view().column(0), kFamily);
  EXPECT_EQ(compared.pairs[0].d, 0.0);
  EXPECT_FALSE(compared.pairs[0].p);
  EXPECT_FALSE(compared.family.p_two_sided[0]);
  EXPECT_TRUE(compared.family.p_two_sided[1]);
}

}  // namespace
}  // namespace toxvol::stats
