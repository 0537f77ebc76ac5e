#include "toxvol/stats/dsr.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

// The paper's example: SR 2.5 a year of 250 days, 1250 days, variance of the trials ½ a year.
TEST(DeflatedSharpe, MatchesThePublishedExample) {
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
    const double benchmark = std::sqrt(0.5 / 250.0) * expected_largest(row.trials);
    EXPECT_NEAR(benchmark, row.benchmark, 5e-9) << row.trials;
    EXPECT_NEAR(*probabilistic_sharpe(sample, benchmark), row.deflated, 5e-9) << row.trials;
    EXPECT_NEAR(*probabilistic_sharpe(normal, benchmark), row.deflated_normal, 5e-9) << row.trials;
  }
}

TEST(DeflatedSharpe, OneTrialHasNothingToBeat) {
  EXPECT_EQ(expected_largest(1), 0.0);
  EXPECT_GT(expected_largest(2), 0.0);
  Matrix one{240, 1};
  one.set_column(0, test::returns());
  const Dsr d = deflated_sharpe(one.view(), std::nullopt);
  EXPECT_EQ(d.trials, 1);
  EXPECT_FALSE(d.number.rho);
  EXPECT_EQ(d.number.n_hat, 1.0);
  EXPECT_FALSE(d.benchmarks.var_z);
  EXPECT_EQ(d.benchmarks.sr0, 0.0);
  expect_digits(d.dsr, 0.9999550188);  // psr
  EXPECT_EQ(d.dsr_null, d.dsr);
  EXPECT_EQ(d.dsr_implied, d.dsr);
}

TEST(DeflatedSharpe, HasTheDigitsOfTheResearchPage) {
  const Matrix trials = test::trials();
  const Dsr d = deflated_sharpe(trials.view(), std::nullopt);
  EXPECT_EQ(d.trials, 12);
  expect_digits(d.number.rho, 0.201984204);
  expect_digits(d.number.n_hat, 9.778173756);
  EXPECT_EQ(d.column, 10U);
  expect_digits(d.benchmarks.var_z, 2.001969322);
  expect_digits(d.benchmarks.phi, 0.798015796);
  expect_digits(d.benchmarks.variance, 0.008376440676);
  expect_digits(d.benchmarks.sr0, 0.1523683612);
  expect_digits(d.dsr, 0.5863606065);
  expect_digits(d.benchmarks.sr0_implied, 0.1441117982);
  expect_digits(d.dsr_implied, 0.6352988599);
  expect_digits(d.benchmarks.sr0_null, 0.09619928218);
  expect_digits(d.dsr_null, 0.8615081645);
}

TEST(DeflatedSharpe, TrialsThatAgreeStillDifferByLuck) {
  Matrix equal{240, 3};
  for (std::size_t j = 0; j < 3; ++j) equal.set_column(j, test::returns());
  const Dsr d = deflated_sharpe(equal.view(), std::nullopt);
  EXPECT_EQ(d.trials, 3);
  EXPECT_NEAR(*d.number.rho, 1.0, 1e-12);
  EXPECT_EQ(d.benchmarks.var_z, 0.0);
  EXPECT_NEAR(*d.benchmarks.phi, 0.0, 1e-12);
  EXPECT_EQ(d.column, 0U);
  // Two that only happen to have one ratio: a series and its reverse, hardly correlated.
  std::vector<double> reversed = test::returns();
  Matrix two{240, 2};
  two.set_column(0, reversed);
  two.set_column(1, std::vector<double>(reversed.rbegin(), reversed.rend()));
  const Dsr luck = deflated_sharpe(two.view(), std::nullopt);
  EXPECT_NEAR(*luck.benchmarks.var_z, 0.0, 1e-12);
  EXPECT_GT(*luck.benchmarks.phi, 0.5);
  EXPECT_DOUBLE_EQ(*luck.benchmarks.variance, *luck.benchmarks.phi / 239.0);
}

TEST(DeflatedSharpe, OppositeTrialsCountAsUncorrelated) {
  std::vector<double> r = test::returns();
  Matrix two{240, 2};
  two.set_column(0, r);
  for (double& x : r) x = -x;
  two.set_column(1, r);
  const Dsr d = deflated_sharpe(two.view(), std::nullopt);
  EXPECT_EQ(d.number.rho, 0.0);
  EXPECT_EQ(d.number.n_hat, 2.0);
}

TEST(DeflatedSharpe, ColumnsWithoutSpreadAreNoTrials) {
  Matrix two{240, 2};
  two.set_column(1, test::returns());
  const Dsr d = deflated_sharpe(two.view(), std::nullopt);
  EXPECT_EQ(d.trials, 1);
  EXPECT_EQ(d.column, 1U);
  const Dsr flat = deflated_sharpe(two.view(), 0);
  EXPECT_EQ(flat.column, 0U);
  EXPECT_EQ(flat.trials, 1);
  EXPECT_FALSE(flat.dsr);
  const Dsr none = deflated_sharpe(Matrix{240, 2}.view(), std::nullopt);
  EXPECT_EQ(none.trials, 0);
  EXPECT_FALSE(none.column);
  EXPECT_FALSE(none.number.n_hat);
  EXPECT_FALSE(none.benchmarks.sr0);
}

}  // namespace
}  // namespace toxvol::stats
