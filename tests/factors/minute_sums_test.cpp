#include "toxvol/factors/minute_sums.hpp"

#include <cmath>
#include <cstdint>
#include <deque>
#include <utility>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"

namespace toxvol::factors {
namespace {

using test::minute;

// G6.
TEST(FillsWindow, AsksAllOfAnHourAndNinetyFivePercentBeyond) {
  EXPECT_TRUE(fills_window(60, 60));
  EXPECT_FALSE(fills_window(59, 60));
  EXPECT_TRUE(fills_window(114, 120));
  EXPECT_FALSE(fills_window(113, 120));
  EXPECT_TRUE(fills_window(58, 61));  // 57.95
  EXPECT_FALSE(fills_window(57, 61));
  EXPECT_TRUE(fills_window(1368, 1440));
  EXPECT_FALSE(fills_window(1367, 1440));
}

TEST(MinuteSums, AShortWindowIsEmptyUntilWholeAgain) {
  MinuteSums<1> sums{3};
  for (const int i : {0, 1, 2, 4, 5}) {
    sums.advance(minute(i));
    sums.add(minute(i), {1.0 + i});
    EXPECT_EQ(sums.sums().has_value(), i == 2);
  }
  sums.advance(minute(6));
  EXPECT_FALSE(sums.sums());  // the row has no value
  sums.add(minute(6), {7.0});
  ASSERT_TRUE(sums.sums());
  EXPECT_EQ((*sums.sums())[0], 18.0);
}

// 100 minutes with 97 values of 2 each: 2·97 scaled by 100/97.
TEST(MinuteSums, ALongWindowIsScaledUpForItsHoles) {
  MinuteSums<1> sums{100};
  for (int i = 0; i < 100; ++i) {
    sums.advance(minute(i));
    if (i % 40 != 5) sums.add(minute(i), {2.0});
  }
  EXPECT_EQ(sums.count(), 97);
  EXPECT_NEAR((*sums.sums())[0], 200.0, 1e-12);
  EXPECT_EQ(sums.raw(0), 194.0);
}

// Even a compensated sum keeps a rest of numbers of very different size.
TEST(MinuteSums, ZerosAfterNumbersSumToZero) {
  constexpr std::int64_t kWindow = 40;
  test::Random random{3};
  MinuteSums<1> sums{kWindow};
  std::int64_t zeros = 0;
  for (std::int64_t i = 0; i < 100'000; ++i) {
    const bool is_zero = i / 100 % 2 == 1;
    const double size = std::exp(random.between(-60.0, 60.0));
    sums.advance(minute(i));
    sums.add(minute(i), {is_zero ? 0.0 : random.uniform() * size});
    zeros = is_zero ? zeros + 1 : 0;
    if (zeros >= kWindow) {
      ASSERT_EQ(sums.raw(0), 0.0) << i;
    }
  }
}

TEST(MinuteSums, EqualsTheDirectSumOverRandomHoles) {
  for (const std::int64_t n : {1, 7, 60, 61, 2000}) {
    test::Random random{static_cast<std::uint64_t>(n)};
    MinuteSums<2> sums{n};
    std::deque<std::pair<std::int64_t, double>> window;
    for (std::int64_t i = 0; i < 20'000; ++i) {
      if (random.below(100) == 0) continue;  // no row
      sums.advance(minute(i));
      while (!window.empty() && window.front().first <= i - n) window.pop_front();
      if (random.below(100) != 0) {
        const double x = std::pow(random.between(-10.0, 10.0), 5);
        sums.add(minute(i), {x, x * x});
        window.emplace_back(i, x);
      }
      if (i % 37 != 0) continue;
      double direct = 0.0;
      double squares = 0.0;
      for (const auto& [at, x] : window) {
        direct += x;
        squares += x * x;
      }
      ASSERT_EQ(sums.count(), static_cast<std::int64_t>(window.size()));
      ASSERT_NEAR(sums.raw(0), direct, 1e-6);  // terms up to 1e5
      ASSERT_NEAR(sums.raw(1), squares, 1e-12 * squares);
    }
  }
}

}  // namespace
}  // namespace toxvol::factors
