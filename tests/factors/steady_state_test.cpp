#include <chrono>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/factors/bars.hpp"
#include "tests/factors/support.hpp"
#include "tests/support/alloc_guard.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::minute;

TEST(AllocGuard, SeesAnAllocation) {
  const toxvol::test::AllocGuard guard;
  RollingMoments moments{minutes{10}};
  moments.add(minute(0), 1.0);
  EXPECT_GE(guard.allocations(), 1);
}

TEST(SteadyState, AZScoreWithItsWindowFullAllocatesNothing) {
  ZScore z{{.window = minutes{500}, .min_count = 2, .floor = 1e-3, .clip = 5.0}};
  test::Random random{1};
  std::int64_t n = 0;
  for (; n < 1000; ++n) z.update(minute(n), random.uniform());
  const toxvol::test::AllocGuard guard;
  for (; n < 10'000; ++n) z.update(minute(n), random.uniform());
  EXPECT_EQ(guard.allocations(), 0);
}

// The level wanders, so blocks of the bag are split, joined and dropped all the time.
TEST(SteadyState, AQuantileWithItsWindowFullAllocatesNothing) {
  RollingQuantile quantile{minutes{2000}};
  test::Random random{2};
  double level = 0.0;
  std::int64_t n = 0;
  const auto step = [&] {
    level += random.between(-0.1, 0.1);
    quantile.advance(minute(n));
    quantile.add(minute(n++), level + random.uniform());
  };
  while (n < 20'000) step();
  const toxvol::test::AllocGuard guard;
  while (n < 60'000) step();
  EXPECT_EQ(guard.allocations(), 0);
}

TEST(SteadyState, F1WithItsWindowsFullAllocatesNothing) {
  VolatilityParams params;
  params.z_window = minutes{2000};
  params.z_min_count = 100;
  params.har_horizons = {1, 2, 3};
  params.har_min_days = 5;
  params.har_fit_days = 8;
  params.diurnal = true;
  const auto bars = test::random_walk(3, {.bars = 1440 * 30, .without_trade = 0.05});
  Volatility factor{params, {}};
  std::size_t i = 0;
  for (; i < bars.size() / 2; ++i) factor.update(bars[i]);
  const toxvol::test::AllocGuard guard;
  bool is_fitted = false;
  for (; i < bars.size(); ++i) is_fitted = factor.update(bars[i]).har_log.has_value();
  EXPECT_TRUE(is_fitted);
  EXPECT_EQ(guard.allocations(), 0);
}

}  // namespace
}  // namespace toxvol::factors
