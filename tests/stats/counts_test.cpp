// The counts that an implementation must reproduce (R64), each ±1 for rounding at a
// bound: intervals that hold the truth, and how often luck passes for skill.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/dsr.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/pbo.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace toxvol::stats {
namespace {

constexpr int kResamples = 399;

struct Coverage {
  double ma;
  double flat;
  int of_mean;
  int of_sharpe;
  int of_error;
  int of_mean_fixed_b;
  int of_sharpe_fixed_b;
};

std::ostream& operator<<(std::ostream& out, const Coverage& c) {
  return out << "ma " << c.ma << " flat " << c.flat;
}

bool holds_zero(const std::optional<Range>& range) {
  return range->lo <= 0.0 && range->hi >= 0.0;
}

SeriesIntervals intervals_of(const std::vector<double>& series, const Resampling& how) {
  return intervals({.values = series.data(), .rows = series.size(), .columns = 1}, how).front();
}

class Covered : public testing::TestWithParam<Coverage> {};

TEST_P(Covered, AsOftenAsTheResearchPageSays) {
  const Coverage& expected = GetParam();
  int of_mean = 0;
  int of_sharpe = 0;
  int of_error = 0;
  int of_mean_fixed_b = 0;
  int of_sharpe_fixed_b = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto r = test::series(seed, {.ma = expected.ma, .flat = expected.flat});
    const SeriesIntervals found = intervals_of(r, {.seed = seed, .resamples = kResamples});
    if (holds_zero(found.mean)) ++of_mean;
    if (holds_zero(found.sharpe)) ++of_sharpe;
    const SeriesIntervals fixed_b = intervals_of(r, {.method = IntervalMethod::FixedB});
    if (holds_zero(fixed_b.mean)) ++of_mean_fixed_b;
    if (holds_zero(fixed_b.sharpe)) ++of_sharpe_fixed_b;
    if (std::abs(moments_of(r).mean()) <= 1.959963984540054 * *sharpe(r).mean_se) ++of_error;
  }
  EXPECT_NEAR(of_mean, expected.of_mean, 1);
  EXPECT_NEAR(of_sharpe, expected.of_sharpe, 1);
  EXPECT_NEAR(of_error, expected.of_error, 1);
  EXPECT_NEAR(of_mean_fixed_b, expected.of_mean_fixed_b, 1);
  EXPECT_NEAR(of_sharpe_fixed_b, expected.of_sharpe_fixed_b, 1);
}

INSTANTIATE_TEST_SUITE_P(R64, Covered,
                         testing::Values(Coverage{0.0, 0.0, 381, 381, 380, 384, 387},
                                         Coverage{0.5, 0.0, 369, 369, 376, 382, 386},
                                         Coverage{0.0, 0.6, 376, 376, 377, 376, 380},
                                         Coverage{0.5, 0.6, 368, 368, 368, 377, 375}));

/// Sixty days of hours: noise, and below it, too weak to be seen at any one lag, a part that is the
/// same for most of a day.
std::vector<double> hours_with_slow_part(std::uint64_t seed) {
  constexpr std::size_t kHours = 1440;
  const std::vector<double> fast = test::centred_uniforms(seed, 0, kHours);
  const std::vector<double> news = test::centred_uniforms(seed, 1, kHours);
  std::vector<double> r(kHours);
  for (std::size_t t = 0; t < kHours; ++t) {
    double slow = 0.0;
    for (std::size_t i = 0; i < 24 && i <= t; ++i) slow += news[t - i];
    r[t] = 0.01 * (fast[t] + 0.06 * slow);
  }
  return r;
}

TEST(FixedB, HoldsTheTruthOfAWeakSlowPartMoreOften) {
  int percentile = 0;
  int fixed_b = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const std::vector<double> r = hours_with_slow_part(seed);
    if (holds_zero(intervals_of(r, {.seed = seed, .resamples = kResamples}).mean)) ++percentile;
    if (holds_zero(intervals_of(r, {.method = IntervalMethod::FixedB}).mean)) ++fixed_b;
  }
  EXPECT_NEAR(percentile, 171, 1);
  EXPECT_NEAR(fixed_b, 184, 1);
}

struct Discoveries {
  double common;
  double drift;
  int psr;
  int dsr_null;
  int dsr;
  int dsr_implied;
  int consistent;
  int upper;
  int pbo;
  double mean_pbo;
};

std::ostream& operator<<(std::ostream& out, const Discoveries& d) {
  return out << "common " << d.common << " drift " << d.drift;
}

class Discovered : public testing::TestWithParam<Discoveries> {};

TEST_P(Discovered, AsOftenAsTheResearchPageSays) {
  const Discoveries& expected = GetParam();
  Discoveries found{.common = expected.common,
                    .drift = expected.drift,
                    .psr = 0,
                    .dsr_null = 0,
                    .dsr = 0,
                    .dsr_implied = 0,
                    .consistent = 0,
                    .upper = 0,
                    .pbo = 0,
                    .mean_pbo = 0.0};
  const auto count = [](int& counter, bool is_so) { counter += is_so ? 1 : 0; };
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Matrix trials = test::matrix(seed, 360, 20, expected.common, expected.drift);
    const MatrixView view = trials.view();
    const Dsr best = deflated_sharpe(view, std::nullopt);
    count(found.psr, *sharpe(view.column(*best.column)).psr >= 0.95);
    count(found.dsr_null, *best.dsr_null >= 0.95);
    count(found.dsr, *best.dsr >= 0.95);
    count(found.dsr_implied, *best.dsr_implied >= 0.95);
    const Family test =
        family(view, {.seed = seed, .stream = Stream::Family, .resamples = kResamples});
    count(found.consistent, *test.p_consistent <= 0.05);
    count(found.upper, *test.p_upper <= 0.05);
    const auto overfitting = pbo(view, 8);
    count(found.pbo, overfitting->pbo > 0.5);
    found.mean_pbo += overfitting->pbo / 200.0;
  }
  EXPECT_NEAR(found.psr, expected.psr, 1);
  EXPECT_NEAR(found.dsr_null, expected.dsr_null, 1);
  EXPECT_NEAR(found.dsr, expected.dsr, 1);
  EXPECT_NEAR(found.dsr_implied, expected.dsr_implied, 1);
  EXPECT_NEAR(found.consistent, expected.consistent, 1);
  EXPECT_NEAR(found.upper, expected.upper, 1);
  EXPECT_NEAR(found.pbo, expected.pbo, 1);
  EXPECT_NEAR(found.mean_pbo, expected.mean_pbo, 6e-6);
}

INSTANTIATE_TEST_SUITE_P(R64, Discovered,
                         testing::Values(Discoveries{0.0, 0.0, 142, 1, 0, 0, 12, 12, 89, .48921},
                                         Discoveries{1.0, 0.0, 70, 10, 5, 9, 21, 21, 91, .49136},
                                         Discoveries{3.0, 0.0, 38, 14, 11, 27, 16, 16, 91, .49221},
                                         Discoveries{1.0, 0.004, 200, 200, 0, 9, 200, 200, 0,
                                                     .00000}));

}  // namespace
}  // namespace toxvol::stats
