#include "toxvol/factors/rolling_regression.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using test::minute;
using Regressors = RollingRegression::Regressors;

/// The eight corners of a cube: three regressors of mean 0 that have nothing to do with each other,
/// nor with their product.
Regressors corner(int i) {
  return {i % 2 == 0 ? -1.0 : 1.0, i / 2 % 2 == 0 ? -1.0 : 1.0, i / 4 == 0 ? -1.0 : 1.0};
}

/// On the corners: 3 + 2·a − b + c/2, and 0.1 times the product abc, which no line explains.
RollingRegression cube(const Regressors& at = {}, const Regressors& by = {1, 1, 1}) {
  RollingRegression regression{std::chrono::hours{1}};
  for (int i = 0; i < 8; ++i) {
    const auto [a, b, c] = corner(i);
    regression.add(minute(i), 3.0 + 2.0 * a - b + 0.5 * c + 0.1 * a * b * c,
                   {at[0] + by[0] * a, at[1] + by[1] * b, at[2] + by[2] * c});
  }
  regression.advance(minute(8));
  return regression;
}

TEST(RollingRegression, LeavesWhatTheLineDoesNotExplain) {
  const RollingRegression regression = cube();
  EXPECT_NEAR(regression.residual(10.0, {1, 1, 1}).value(), 5.5, 1e-13);  // 10 − 4.5
  EXPECT_NEAR(regression.residual(0.0, {0, 0, 0}).value(), -3.0, 1e-13);
  EXPECT_NEAR(regression.residual(3.0 + 20.0, {10, 0, 0}).value(), 0.0, 1e-12);
}

// Volumes are logarithms of thousands, sigma is a few 1e-4.
TEST(RollingRegression, DoesNotMindUnits) {
  const RollingRegression regression = cube({7, 5e-4, 0.5}, {2, 1e-5, 0.4});
  EXPECT_NEAR(regression.residual(10.0, {9, 5.1e-4, 0.9}).value(), 5.5, 1e-9);
}

TEST(RollingRegression, HasNoLineWithoutObservations) {
  RollingRegression regression{std::chrono::hours{1}};
  EXPECT_EQ(regression.residual(1.0, {1, 1, 1}), std::nullopt);
  regression.add(minute(0), 1.0, {1, 1, 1});
  EXPECT_EQ(regression.residual(1.0, {1, 1, 1}), std::nullopt);
}

// What varies by 1 about m has a share of 1/(m² + 1) of its squares about its mean.
TEST(RollingRegression, HasNoLineWhereARegressorStandsStill) {
  EXPECT_TRUE(cube({3e4, 0, 0}).residual(1.0, {3e4, 0, 0}));              // 1.1e-9
  EXPECT_EQ(cube({4e4, 0, 0}).residual(1.0, {4e4, 0, 0}), std::nullopt);  // 6e-10
  EXPECT_EQ(cube({}, {1, 1, 0}).residual(1.0, {0, 0, 0}), std::nullopt);  // 0 throughout
  EXPECT_EQ(cube({0, 0, 2}, {1, 1, 0}).residual(1.0, {0, 0, 2}), std::nullopt);
}

/// The second regressor is the first and `own` times something else.
Value nearly_collinear(double own) {
  RollingRegression regression{std::chrono::hours{1}};
  for (int i = 0; i < 8; ++i) {
    const auto [a, b, c] = corner(i);
    regression.add(minute(i), a, {a, a + own * b, c});
  }
  return regression.residual(0.0, {0, 0, 0});
}

// own²/(1 + own²) of its squares about its mean is its own.
TEST(RollingRegression, HasNoLineWhereARegressorSaysNothingOfItsOwn) {
  EXPECT_TRUE(nearly_collinear(1.0));
  EXPECT_TRUE(nearly_collinear(std::sqrt(1.1e-9)));
  EXPECT_EQ(nearly_collinear(std::sqrt(0.9e-9)), std::nullopt);
  EXPECT_EQ(nearly_collinear(0.0), std::nullopt);
}

TEST(RollingRegression, ItsWindowIsThePriorOne) {
  RollingRegression regression{std::chrono::minutes{8}};
  regression.add(minute(-1), 1e6, {5, -7, 9});
  for (int i = 0; i < 8; ++i) regression.add(minute(i), corner(i)[0], corner(i));
  regression.advance(minute(7));
  EXPECT_EQ(regression.count(), 9);
  regression.advance(minute(8));  // minute 0 is 8 min old and stays, minute −1 goes
  EXPECT_EQ(regression.count(), 8);
  EXPECT_NEAR(regression.residual(0.0, {1, 0, 0}).value(), -1.0, 1e-12);
  regression.advance(minute(9));
  EXPECT_EQ(regression.count(), 7);
}

struct Point {
  double y = 0.0;
  Regressors x{};
};

/// Two passes: means, then the normal equations of what is less its mean, in extended precision.
double plain_residual(const std::vector<Point>& window, const Point& now) {
  using Real = long double;
  constexpr std::size_t kSize = RollingRegression::kRegressors;
  Real mean_y = 0;
  std::array<Real, kSize> mean{};
  for (const Point& p : window) {
    mean_y += p.y;
    for (std::size_t i = 0; i < kSize; ++i) mean[i] += p.x[i];
  }
  const auto n = static_cast<Real>(window.size());
  mean_y /= n;
  for (Real& m : mean) m /= n;
  std::array<std::array<Real, kSize + 1>, kSize> rows{};
  for (const Point& p : window) {
    for (std::size_t i = 0; i < kSize; ++i) {
      const Real off = p.x[i] - mean[i];
      for (std::size_t j = 0; j < kSize; ++j) rows[i][j] += off * (p.x[j] - mean[j]);
      rows[i][kSize] += off * (p.y - mean_y);
    }
  }
  for (std::size_t k = 0; k < kSize; ++k) {  // Gauss and Jordan
    for (std::size_t i = 0; i < kSize; ++i) {
      if (i == k) continue;
      const Real factor = rows[i][k] / rows[k][k];
      for (std::size_t j = k; j <= kSize; ++j) rows[i][j] -= factor * rows[k][j];
    }
  }
  Real left = now.y - mean_y;
  for (std::size_t i = 0; i < kSize; ++i) {
    left -= rows[i][kSize] / rows[i][i] * (now.x[i] - mean[i]);
  }
  return static_cast<double>(left);
}

// Over midnights, gaps and a window replaced many times, with the sizes of real minutes and
// regressors that go together.
TEST(RollingRegression, IsTheTwoPassFitOfItsWindow) {
  test::Random random{11};
  for (const std::int64_t width : {300, 1500}) {
    RollingRegression regression{std::chrono::minutes{width}};
    std::vector<std::pair<std::int64_t, Point>> all;
    int compared = 0;
    for (std::int64_t n = 0; n < 6'000; ++n) {
      if (random.below(10) == 0) continue;
      const double busy = random.uniform();
      Point p{.x = {4.0 + 3.0 * busy, 5e-4 + 1e-4 * busy + 1e-5 * random.uniform(),
                    random.between(0.0, 1.0)}};
      p.y = 0.3 + 0.02 * p.x[0] - 100.0 * p.x[1] + 0.1 * p.x[2] + 0.05 * random.uniform();
      regression.advance(minute(n));
      if (n > 100 && random.below(40) == 0) {
        std::vector<Point> window;
        for (const auto& [at, point] : all) {
          if (at >= n - width) window.push_back(point);
        }
        ASSERT_EQ(regression.count(), static_cast<std::int64_t>(window.size()));
        EXPECT_NEAR(regression.residual(p.y, p.x).value(), plain_residual(window, p), 1e-13) << n;
        ++compared;
      }
      regression.add(minute(n), p.y, p.x);
      all.emplace_back(n, p);
    }
    EXPECT_GT(compared, 100);
  }
}

// A number of another size that has passed through leaves nothing behind.
TEST(RollingRegression, ForgetsWhatHasLeft) {
  RollingRegression regression{std::chrono::minutes{8}};
  regression.add(minute(0), 1e9, {1e9, -1e9, 1e9});
  for (int i = 0; i < 16; ++i) regression.add(minute(1 + i), corner(i % 8)[0], corner(i % 8));
  regression.advance(minute(17));
  EXPECT_EQ(regression.count(), 8);
  EXPECT_NEAR(regression.residual(0.5, {1, 1, 1}).value(), -0.5, 1e-12);
}

}  // namespace
}  // namespace toxvol::factors
