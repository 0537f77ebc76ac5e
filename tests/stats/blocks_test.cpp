#include "toxvol/stats/blocks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "tests/stats/support.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;
using test::kSeed;

std::vector<std::uint32_t> indices(std::uint64_t seed, std::uint64_t b, std::size_t n,
                                   std::int64_t length) {
  std::vector<std::uint32_t> rows(n);
  resample(Draws{seed, Stream::Series}.row(b), length, rows);
  return rows;
}

TEST(Resample, HasTheIndicesOfTheResearchPage) {
  auto rows = indices(kSeed, 0, 240, 5);
  EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), 0U), 35062U);
  rows.resize(12);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{206, 207, 208, 209, 210, 211, 192, 193, 194, 195, 118,
                                              119}));
  rows = indices(kSeed, 1, 240, 5);
  EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), 0U), 28662U);
  rows.resize(12);
  EXPECT_EQ(rows, (std::vector<std::uint32_t>{153, 154, 155, 156, 39, 40, 41, 42, 43, 44, 55, 68}));
}

TEST(Resample, RunsOnFromTheEndToTheBeginning) {
  const auto rows = indices(1, 0, 5, 1'000'000'000);  // blocks longer than the series
  for (std::size_t k = 1; k < rows.size(); ++k) EXPECT_EQ(rows[k], (rows[k - 1] + 1) % 5);
}

TEST(Resample, OfOneRowIsThatRow) {
  EXPECT_EQ(indices(1, 0, 1, 3), (std::vector<std::uint32_t>{0}));
}

// Of 100 rows × 500 draws a block begins anew 1/L of the time, give or take four errors.
TEST(Resample, BlocksHaveTheirMeanLength) {
  for (const std::int64_t length : {1, 2, 10}) {
    std::int64_t restarts = 0;
    for (std::uint64_t b = 0; b < 100; ++b) {
      const auto rows = indices(3, b, 501, length);
      for (std::size_t k = 1; k < rows.size(); ++k) {
        if (rows[k] != (rows[k - 1] + 1) % 501) ++restarts;
      }
    }
    const double share = 1.0 / static_cast<double>(length) * (1.0 - 1.0 / 501.0);
    EXPECT_NEAR(static_cast<double>(restarts) / 50'000.0, share,
                4.0 * std::sqrt(share * (1.0 - share) / 50'000.0) + 1e-3)
        << length;
  }
}

TEST(BlockLength, HasTheDigitsOfTheResearchPage) {
  const BlockLength r = block_length(test::returns());
  expect_digits(r.b, 1.262888509);
  EXPECT_EQ(r.length, 2);
  const BlockLength f = block_length(test::flat_returns());
  expect_digits(f.b, 1.401793935);
  EXPECT_EQ(f.length, 2);
}

TEST(BlockLength, IsOneWithoutSpread) {
  const BlockLength none = block_length(std::vector<double>(50, 0.1));
  EXPECT_FALSE(none.b);
  EXPECT_EQ(none.length, 1);
}

// A slow sine: no ten lags are small, and the spectrum at 0 is nearly nothing beside the slope.
TEST(BlockLength, IsCappedAtAThirdOfTheSeries) {
  std::vector<double> slow(60);
  for (std::size_t t = 0; t < slow.size(); ++t) {
    slow[t] = std::sin(2.0 * M_PI * static_cast<double>(t) / 12.0);
  }
  const BlockLength capped = block_length(slow);
  EXPECT_EQ(capped.b, 20.0);  // ⌈min(3√60, 60/3)⌉
  EXPECT_EQ(capped.length, 20);
}

}  // namespace
}  // namespace toxvol::stats
