#include "toxvol/stats/fixed_b.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;
using test::kSeed;

SeriesIntervals with_method(const std::vector<double>& series, IntervalMethod method,
                            const Resampling& how = {}) {
  Resampling asked = how;
  asked.method = method;
  return intervals({.values = series.data(), .rows = series.size(), .columns = 1}, asked).front();
}

TEST(FixedB, LooksBackOverThirteenTenthsOfTheRootRoundedUp) {
  EXPECT_EQ(fixed_b_bandwidth(100), 13U) << "1.3·10 is no more than 13";
  EXPECT_EQ(fixed_b_bandwidth(101), 14U);
  EXPECT_EQ(fixed_b_bandwidth(168), 17U) << "a week of hours";
  EXPECT_EQ(fixed_b_bandwidth(1440), 50U) << "sixty days of hours";
}

TEST(FixedB, CriticalValueIsTheNormalsWhereNothingIsLookedBackAt) {
  EXPECT_DOUBLE_EQ(fixed_b_critical(0.0), 1.96);
  EXPECT_DOUBLE_EQ(fixed_b_critical(0.75), 4.19644375);
  // The published value for b = 1 is 4.771 (Kiefer, Vogelsang & Bunzel 2000); the row fits it
  // within 1 %.
  EXPECT_DOUBLE_EQ(fixed_b_critical(1.0), 4.813);
}

TEST(FixedB, IsThePagesExample) {
  // S = 3; γ = 3.5, .5, −.75, so LRV = 3.5 + 2(⅔·.5 − ⅓·.75) = 3⅔, and 4.19644375·√(3⅔/4).
  const SeriesIntervals found = fixed_b_intervals(std::vector<double>{1.0, 2.0, 3.0, 6.0});
  EXPECT_EQ(found.length, 3);
  expect_digits(found.mean->lo, 3.0 - 4.19644375 * std::sqrt(11.0 / 12.0));
  expect_digits(found.mean->hi, 3.0 + 4.19644375 * std::sqrt(11.0 / 12.0));
  expect_digits(found.sharpe->lo, -0.05251659774817652);
  expect_digits(found.sharpe->hi, 2.8299768970658308);
}

TEST(FixedB, HasStatsmodelsDigits) {
  const SeriesIntervals r = with_method(test::returns(), IntervalMethod::FixedB);
  EXPECT_EQ(r.length, 21);
  expect_digits(r.mean->lo, 0.0001901638931);
  expect_digits(r.mean->hi, 0.001358240324);
  expect_digits(r.sharpe->lo, 0.04728139781);
  expect_digits(r.sharpe->hi, 0.4735370215);
  const SeriesIntervals f = with_method(test::flat_returns(), IntervalMethod::FixedB);
  expect_digits(f.mean->lo, -0.0003053128976);
  expect_digits(f.mean->hi, 0.0002834512362);
  expect_digits(f.sharpe->lo, -0.1687636195);
  expect_digits(f.sharpe->hi, 0.1567193483);
}

TEST(FixedB, NeedsWhatPercentilesNeed) {
  const std::vector<double> r = test::returns();
  const auto first = [&](std::ptrdiff_t n) { return std::vector(r.begin(), r.begin() + n); };
  EXPECT_FALSE(with_method(first(29), IntervalMethod::FixedB).length);
  EXPECT_FALSE(with_method(first(29), IntervalMethod::FixedB).mean);
  EXPECT_TRUE(with_method(first(30), IntervalMethod::FixedB).mean);
  const Resampling positions{.stream = Stream::Positions};
  EXPECT_FALSE(with_method(first(9), IntervalMethod::FixedB, positions).mean);
  EXPECT_TRUE(with_method(first(10), IntervalMethod::FixedB, positions).mean);
  const SeriesIntervals none = with_method(std::vector<double>(50, 0.1), IntervalMethod::FixedB);
  EXPECT_EQ(none.length, 10);
  EXPECT_FALSE(none.mean);
  EXPECT_FALSE(none.sharpe);
}

TEST(FixedB, DependsOnNoSeed) {
  const std::vector<double> r = test::returns();
  const auto one = with_method(r, IntervalMethod::FixedB, {.seed = 1, .resamples = 39});
  const auto other = with_method(r, IntervalMethod::FixedB, {.seed = 2, .resamples = 1999});
  EXPECT_EQ(one.mean->lo, other.mean->lo);
  EXPECT_EQ(one.sharpe->hi, other.sharpe->hi);
}

TEST(IntervalMethod, HasAName) {
  for (const IntervalMethod method : {IntervalMethod::Percentile, IntervalMethod::FixedB}) {
    EXPECT_EQ(interval_method_named(name(method)), method);
  }
  EXPECT_EQ(name(IntervalMethod::FixedB), "fixed_b");
  EXPECT_FALSE(interval_method_named("bca"));
}

}  // namespace
}  // namespace toxvol::stats
