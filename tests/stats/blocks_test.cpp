#include "toxvol/stats/blocks.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>
#include <math.h>

#include "tests/stats/support.hpp"

namespace toxvol::stats {
namespace {

using test::expect_digits;

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
