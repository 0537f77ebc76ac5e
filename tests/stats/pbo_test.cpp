#include "toxvol/stats/pbo.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/matrix.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

TEST(Pbo, HasTheDigitsOfTheResearchPage) {
  const Matrix trials = test::trials();
  const auto result = pbo(trials.view(), 8);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->lambdas.size(), 70U);
  expect_digits(result->pbo, 0.1857142857);
  expect_digits(result->median_lambda, 0.4700036292);
  expect_digits(result->lambdas[0], 0.4700036292);
  expect_digits(result->lambdas[1], -1.203972804);
  expect_digits(result->lambdas[2], 0.4700036292);
  expect_digits(result->p_loss, 0.07142857143);
  expect_digits(result->slope, -0.6590563273);
  expect_digits(result->mean_in, 0.2116495651);
  expect_digits(result->mean_out, 0.07854650252);
}

TEST(Pbo, OfAColumnThatIsAlwaysBestIsNothing) {
  Matrix two{40, 2};
  std::vector<double> good = test::centred_uniforms(1, 0, 40);
  std::vector<double> bad = test::centred_uniforms(1, 1, 40);
  for (double& x : good) x += 5.0;
  two.set_column(0, bad);
  two.set_column(1, good);
  const auto result = pbo(two.view(), 4);
  EXPECT_EQ(result->lambdas.size(), 6U);
  EXPECT_EQ(result->pbo, 0.0);
  EXPECT_EQ(result->p_loss, 0.0);
  for (const double lambda : result->lambdas) EXPECT_DOUBLE_EQ(lambda, std::log(2.0));
}

TEST(Pbo, TiesGoToTheFirstColumnAndToTheMiddleRank) {
  Matrix equal{40, 3};
  for (std::size_t j = 0; j < 3; ++j) equal.set_column(j, test::centred_uniforms(1, 0, 40));
  const auto result = pbo(equal.view(), 4);
  for (const double lambda : result->lambdas) EXPECT_EQ(lambda, 0.0);  // rank 2 of 3
  EXPECT_EQ(result->pbo, 1.0);
}

TEST(Pbo, AColumnThatNeverMovedScoresNothing) {
  Matrix two{40, 2};
  std::vector<double> losing = test::centred_uniforms(1, 0, 40);
  for (double& x : losing) x -= 5.0;
  two.set_column(0, losing);
  two.set_column(1, std::vector<double>(40, 0.1));
  const auto result = pbo(two.view(), 4);
  EXPECT_EQ(result->mean_in, 0.0);
  EXPECT_EQ(result->mean_out, 0.0);
  EXPECT_FALSE(result->slope);
}

// 1 ± δ: the variance is δ², the mean square hardly more than 1.
TEST(Pbo, AColumnThatHardlyMovedScoresNothing) {
  const auto mean_in = [](double delta) {
    Matrix two{40, 2};
    std::vector<double> steady(40, 1.0 - delta);
    for (std::size_t t = 0; t < steady.size(); t += 2) steady[t] = 1.0 + delta;
    two.set_column(0, std::vector<double>(40, 0.0));
    two.set_column(1, steady);
    return pbo(two.view(), 4)->mean_in;
  };
  EXPECT_EQ(mean_in(9e-7), 0.0);
  EXPECT_GT(mean_in(1.1e-6), 1e5);
}

TEST(Pbo, TakesFewerBlocksForFewerRows) {
  const auto splits = [](std::size_t rows) {
    const Matrix trials = test::matrix(1, rows, 3, 0.0, 0.0);
    const auto result = pbo(trials.view(), 16);
    return result ? result->lambdas.size() : 0;
  };
  EXPECT_EQ(splits(39), 0U);
  EXPECT_EQ(splits(40), 6U);  // 4 blocks
  EXPECT_EQ(splits(59), 6U);
  EXPECT_EQ(splits(60), 20U);     // 6
  EXPECT_EQ(splits(159), 3432U);  // 14
  EXPECT_EQ(splits(160), 12870U);
}

TEST(Pbo, DropsTheFirstRowsThatDoNotFillABlock) {
  const Matrix whole = test::matrix(1, 40, 3, 0.0, 0.0);
  Matrix longer{43, 3};
  for (std::size_t j = 0; j < 3; ++j) {
    std::vector<double> column(3, 100.0 * static_cast<double>(j));
    const std::vector<double> rest = whole.view().column(j);
    column.insert(column.end(), rest.begin(), rest.end());
    longer.set_column(j, column);
  }
  EXPECT_EQ(pbo(longer.view(), 4)->lambdas, pbo(whole.view(), 4)->lambdas);
}

TEST(Pbo, NeedsTwoColumns) {
  EXPECT_FALSE(pbo(test::matrix(1, 100, 1, 0.0, 0.0).view(), 4));
}

}  // namespace
}  // namespace toxvol::stats
