#include "toxvol/stats/intervals.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/resampled_sums.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;
using test::kSeed;

SeriesIntervals of(const std::vector<double>& series, const Resampling& how) {
  return intervals({.values = series.data(), .rows = series.size(), .columns = 1}, how).front();
}

TEST(PercentileRange, TakesTheFiftiethOfNineteenHundredAndNinetyNine) {
  std::vector<double> values(1999);
  std::iota(values.begin(), values.end(), 1.0);
  const auto range = percentile_range(values);
  EXPECT_EQ(range->lo, 50.0);
  EXPECT_EQ(range->hi, 1950.0);
}

TEST(PercentileRange, NeedsThirtyNineValues) {
  std::vector<double> values(38, 1.0);
  EXPECT_FALSE(percentile_range(values));
  values.push_back(2.0);
  const auto range = percentile_range(values);
  EXPECT_EQ(range->lo, 1.0);
  EXPECT_EQ(range->hi, 2.0);
}

TEST(Intervals, HaveTheDigitsOfTheResearchPage) {
  const SeriesIntervals r = of(test::returns(), {.seed = kSeed});
  EXPECT_EQ(r.length, 2);
  expect_digits(r.sharpe->lo, 0.1218303741);
  expect_digits(r.sharpe->hi, 0.4015731201);
  expect_digits(r.mean->lo, 0.0003615238263);
  expect_digits(r.mean->hi, 0.001175846632);
  const SeriesIntervals f = of(test::flat_returns(), {.seed = kSeed});
  EXPECT_EQ(f.length, 2);
  expect_digits(f.sharpe->lo, -0.1468454579);
  expect_digits(f.sharpe->hi, 0.1373886851);
  expect_digits(f.mean->lo, -0.0002639695413);
  expect_digits(f.mean->hi, 0.0002471243768);
}

TEST(Intervals, OfAColumnAreThoseOfTheSeriesAlone) {
  const Matrix trials = test::trials();
  const auto all = intervals(trials.view(), {.seed = 3, .resamples = 99});
  for (std::size_t j = 0; j < all.size(); ++j) {
    const SeriesIntervals alone = of(trials.view().column(j), {.seed = 3, .resamples = 99});
    EXPECT_EQ(all[j].length, alone.length);
    EXPECT_EQ(all[j].mean->lo, alone.mean->lo);
    EXPECT_EQ(all[j].mean->hi, alone.mean->hi);
    EXPECT_EQ(all[j].sharpe->lo, alone.sharpe->lo);
    EXPECT_EQ(all[j].sharpe->hi, alone.sharpe->hi);
  }
}

TEST(Intervals, NeedThirtyNumbersOrTenPositions) {
  const std::vector<double> r = test::returns();
  const auto first = [&](std::ptrdiff_t n) { return std::vector(r.begin(), r.begin() + n); };
  EXPECT_FALSE(of(first(29), {}).length);
  EXPECT_FALSE(of(first(29), {}).mean);
  EXPECT_TRUE(of(first(30), {}).mean);
  const Resampling positions{.stream = Stream::Positions};
  EXPECT_FALSE(of(first(9), positions).mean);
  EXPECT_TRUE(of(first(10), positions).mean);
}

TEST(Intervals, WithoutSpreadAreUnknown) {
  const SeriesIntervals none = of(std::vector<double>(50, 0.1), {});
  EXPECT_EQ(none.length, 1);
  EXPECT_FALSE(none.mean);
  EXPECT_FALSE(none.sharpe);
}

TEST(ResampledSums, SharpeIsExactWhereSquaresCancel) {
  // A mean of a million with steps of one: Σx² − (Σx)²/n has no digit left.
  const std::vector<double> x{1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0};
  ResampledSums sums{{.values = x.data(), .rows = 4, .columns = 1}, true};
  const std::vector<std::uint32_t> rows{0, 1, 2, 3};
  sums.take(rows);
  EXPECT_NEAR(sums.sharpe(0), (1e9 + 1.5) / std::sqrt(5.0 / 3.0), 1e-3);
}

TEST(ResampledSums, SharpeIsZeroWhereRowsHaveNoSpread) {
  const std::vector<double> x{0.1, 0.2, 0.3, 0.0};
  ResampledSums sums{{.values = x.data(), .rows = 4, .columns = 1}, true};
  for (const std::uint32_t row : {2U, 3U}) {
    const std::vector<std::uint32_t> rows(4, row);
    sums.take(rows);
    EXPECT_EQ(sums.sharpe(0), 0.0);
  }
}

TEST(RatioInterval, HasTheDigitsOfTheResearchPage) {
  const std::vector<double> numerator = test::series(kSeed, {.b = 3, .scale = 100.0});
  std::vector<double> denominator = test::centred_uniforms(kSeed, 4, 240);
  for (double& x : denominator) x = 50'000.0 * (1.0 + x + 0.5);
  const RatioInterval fee =
      ratio_interval(numerator, denominator, {.seed = kSeed, .stream = Stream::Positions});
  expect_digits(*fee.ratio * 1e4, 0.5661751224);
  EXPECT_EQ(fee.length, 1);
  expect_digits(fee.range->lo * 1e4, 0.06844172821);
  expect_digits(fee.range->hi * 1e4, 1.067745393);
}

TEST(RatioInterval, NeedsTenPositionsAndSomethingToDivideBy) {
  const Resampling how{.stream = Stream::Positions};
  std::vector<double> numerator(9, 1.0);
  numerator[0] = 2.0;
  std::vector<double> denominator(9, 5.0);
  const RatioInterval few = ratio_interval(numerator, denominator, how);
  EXPECT_DOUBLE_EQ(*few.ratio, 10.0 / 45.0);
  EXPECT_FALSE(few.length);
  EXPECT_FALSE(few.range);
  numerator.push_back(1.0);
  denominator.push_back(5.0);
  EXPECT_TRUE(ratio_interval(numerator, denominator, how).range);
  // A resample can miss the one position that traded anything.
  const std::vector<double> rare{5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  EXPECT_TRUE(ratio_interval(numerator, rare, how).ratio);
  EXPECT_FALSE(ratio_interval(numerator, rare, how).range);
  EXPECT_FALSE(ratio_interval(numerator, std::vector<double>(10, 0.0), how).ratio);
  EXPECT_FALSE(ratio_interval({}, {}, how).ratio);
}

}  // namespace
}  // namespace toxvol::stats
