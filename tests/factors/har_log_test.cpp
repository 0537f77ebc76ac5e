#include "toxvol/factors/har_log.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::days;

constexpr Day kStart{days{19'723}};  // 2024-01-01

struct Sample {
  double y = 0.0;
  std::array<double, 3> x{};
};

HarVector exponentials(const std::array<double, 3>& logs) {
  return {std::exp(logs[0]), std::exp(logs[1]), std::exp(logs[2])};
}

std::vector<Sample> samples(std::uint64_t seed, int count, double noise) {
  test::Random random{seed};
  std::vector<Sample> result;
  for (int i = 0; i < count; ++i) {
    Sample s;
    // Close to each other, as averages over nested windows are.
    s.x[2] = random.between(-8.0, -7.0);
    s.x[1] = s.x[2] + random.between(-0.3, 0.3);
    s.x[0] = s.x[1] + random.between(-0.5, 0.5);
    s.y = -0.4 + 0.5 * s.x[0] + 0.3 * s.x[1] + 0.15 * s.x[2] + noise * random.between(-1.0, 1.0);
    result.push_back(s);
  }
  return result;
}

void feed(HarLog& har, const std::vector<Sample>& rows) {
  Day end = kStart;
  for (const Sample& s : rows) {
    end += days{1};
    har.end_day(end, std::exp(s.y), exponentials(s.x));
  }
}

/// exp(ŷ + SSR/(n−4)/2) by the normal equations in long double with Gaussian elimination.
double by_normal_equations(const std::vector<Sample>& rows, const std::array<double, 3>& now) {
  std::array<std::array<long double, 5>, 4> a{};
  const auto regressors = [](const std::array<double, 3>& x) {
    return std::array<long double, 4>{1.0L, x[0], x[1], x[2]};
  };
  for (const Sample& s : rows) {
    const auto x = regressors(s.x);
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) a[i][j] += x[i] * x[j];
      a[i][4] += x[i] * s.y;
    }
  }
  for (std::size_t k = 0; k < 4; ++k) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (i == k) continue;
      const long double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < 5; ++j) a[i][j] -= factor * a[k][j];
    }
  }
  const auto fitted = [&](const std::array<double, 3>& x) {
    long double sum = 0.0L;
    for (std::size_t k = 0; k < 4; ++k) sum += a[k][4] / a[k][k] * regressors(x)[k];
    return sum;
  };
  long double squares = 0.0L;
  for (const Sample& s : rows) squares += (s.y - fitted(s.x)) * (s.y - fitted(s.x));
  const auto freedom = static_cast<long double>(rows.size() - 4);
  return static_cast<double>(std::exp(fitted(now) + squares / freedom / 2.0L));
}

// Without noise the line itself comes back, and the correction is exp(0).
TEST(HarLog, FindsALineThatIsThere) {
  HarLog har{60, 365};
  feed(har, samples(1, 100, 0.0));
  const std::array<double, 3> now = {-7.0, -7.5, -7.25};
  EXPECT_NEAR(har.predict(exponentials(now)).value() /
                  std::exp(-0.4 + 0.5 * -7.0 + 0.3 * -7.5 + 0.15 * -7.25),
              1.0, 1e-11);
}

TEST(HarLog, EqualsTheNormalEquationsWithTheCorrectionOfTheMean) {
  const std::array<double, 3> now = {-7.1, -7.3, -7.6};
  for (const int count : {60, 61, 200, 365}) {
    const auto rows = samples(static_cast<std::uint64_t>(count), count, 0.5);
    HarLog har{60, 365};
    feed(har, rows);
    EXPECT_NEAR(har.predict(exponentials(now)).value() / by_normal_equations(rows, now), 1.0,
                1e-10);
  }
}

TEST(HarLog, UsesTheLastDaysOnly) {
  const std::array<double, 3> now = {-7.1, -7.3, -7.6};
  const auto rows = samples(3, 90, 0.5);
  HarLog har{10, 70};
  feed(har, rows);
  const std::vector<Sample> last(rows.end() - 70, rows.end());
  EXPECT_NEAR(har.predict(exponentials(now)).value() / by_normal_equations(last, now), 1.0, 1e-10);
}

TEST(HarLog, IsEmptyBelowItsLeastNumberOfDays) {
  const auto now = exponentials({-7.1, -7.3, -7.6});
  auto rows = samples(5, 60, 0.5);
  const Sample last = rows.back();
  rows.pop_back();
  HarLog har{60, 365};
  feed(har, rows);
  EXPECT_FALSE(har.predict(now));
  har.end_day(kStart + days{60}, std::exp(last.y), exponentials(last.x));
  EXPECT_TRUE(har.predict(now));
  // A day without a value makes no row but does not take the fit away.
  har.end_day(kStart + days{61}, std::nullopt, exponentials(last.x));
  EXPECT_TRUE(har.predict(now));
  EXPECT_FALSE(har.predict({1e-3, std::nullopt, 1e-3}));
  EXPECT_FALSE(har.predict({1e-3, 0.0, 1e-3}));
}

TEST(HarLog, ADayWithoutMovementMakesNoRow) {
  HarLog har{5, 365};
  const auto rows = samples(5, 5, 0.5);
  feed(har, {rows.begin(), rows.end() - 1});
  har.end_day(kStart + days{5}, 0.0, exponentials(rows.back().x));
  EXPECT_FALSE(har.predict(exponentials({-7.1, -7.3, -7.6})));
}

TEST(HarLog, IsEmptyWhereTheHorizonsAreTheSame) {
  auto rows = samples(6, 80, 0.5);
  for (Sample& s : rows) s.x[1] = s.x[0];
  HarLog har{60, 365};
  feed(har, rows);
  EXPECT_FALSE(har.predict(exponentials({-7.1, -7.3, -7.6})));
}

}  // namespace
}  // namespace toxvol::factors
