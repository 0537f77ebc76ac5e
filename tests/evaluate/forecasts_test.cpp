#include "toxvol/evaluate/forecasts.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::evaluate {
namespace {

using test::bar;
using test::kSquare;
using test::minute;

struct Made {
  Rows rows;
  Minutes minutes{factors::VolatilityParams{}};
};
/// Returns of ±1 % in turn; the rows' forecasts are off by known factors.
Made made(std::int64_t last) {
  Made result;
  for (std::int64_t n = 0; n <= last; ++n) {
    result.minutes.add(bar(n, n % 2 == 0 ? 100.0 : 101.0));
    Row row = test::row(n, 100.0);
    row.sigma = std::sqrt(2.0 * kSquare);
    row.har = 1440.0 * kSquare;
    row.rv = 60.0 * kSquare;
    result.rows.add(row);
  }
  return result;
}
std::vector<ForecastPoint> points(const Made& market, std::string_view model) {
  return forecast_points(market.rows, market.minutes, factors::VolatilityParams{}, 15, model);
}

TEST(ForecastPoints, LieAtMultiplesOfTheHorizonAndLookAhead) {
  const Made market = made(61);
  const auto har = points(market, "har");
  ASSERT_EQ(har.size(), 5U);  // minutes 0, 15, 30, 45, 60
  EXPECT_EQ(har[1].ts, minute(15));
  EXPECT_NEAR(har[1].y.value(), 15.0 * kSquare, 1e-15);
  EXPECT_NEAR(har[1].f.value(), 15.0 * kSquare, 1e-15);
  EXPECT_FALSE(har[4].y);  // 60 to 75: not there
  EXPECT_NEAR(points(market, "sigma")[1].f.value(), 30.0 * kSquare, 1e-15);
  EXPECT_NEAR(points(market, "rv")[1].f.value(), 30.0 * kSquare, 1e-15);  // rv is of 30 minutes
  EXPECT_FALSE(points(market, "last")[0].f);
  EXPECT_NEAR(points(market, "last")[1].f.value(), 15.0 * kSquare, 1e-15);
  EXPECT_FALSE(points(market, "yz")[1].f);
}

TEST(ForecastPoints, ScaledUseEarlierPointsAlone) {
  std::vector<ForecastPoint> given(33);
  for (std::size_t i = 0; i < given.size(); ++i) {
    given[i] = {.ts = minute(static_cast<std::int64_t>(i)), .y = 2.0, .f = 1.0};
  }
  given[3].f = 0.0;   // is no point
  given[31].y = 1e9;  // is known only after itself
  const auto result = scaled(given);
  EXPECT_FALSE(result[29].f);
  EXPECT_FALSE(result[30].f);  // 29 points before it
  EXPECT_NEAR(result[31].f.value(), 2.0, 1e-12);
  EXPECT_GT(result[32].f.value(), 1e7);
}

TEST(ForecastTable, CountsThePointsWhereAModelIsMissing) {
  const Made market = made(15 * 40);
  const auto lines = forecast_table(market.rows, market.minutes, factors::VolatilityParams{}, 15,
                                    {.seed = 1, .resamples = 99});
  ASSERT_EQ(lines.size(), 24U);  // eleven models and har_log, each twice
  EXPECT_EQ(lines[0].model, "last");
  EXPECT_EQ(lines[0].n, 0);
  EXPECT_EQ(lines[0].dropped, 41);
  EXPECT_EQ(lines[0].note, "too_short");
  EXPECT_FALSE(lines[0].qlike);
  EXPECT_FALSE(lines[0].spa_p);
}

TEST(ForecastTable, JudgesByTheCommonPoints) {
  Made market = made(0);
  market = {};
  // Returns whose size changes every 15 minutes; sigma is twice too large, har is right on average.
  double close = 100.0;
  for (std::int64_t n = 0; n <= std::int64_t{15} * 100; ++n) {
    const double move = 0.001 * (1.0 + static_cast<double>((n / 15 * 7) % 5));
    close = n % 2 == 0 ? 100.0 : 100.0 * (1.0 + move);
    Bar one = bar(n, close);
    one.high = test::price(close + 0.05);
    one.low = test::price(close - 0.05);
    market.minutes.add(one);
    Row row = test::row(n, 100.0);
    row.sigma = 0.004;
    row.har = 1440.0 * 1e-5;
    row.rv = 3e-4;
    row.vol_yz = 0.003;
    row.gk_short = row.gk_long = 0.002 + 1e-6 * static_cast<double>(n % 7);
    market.rows.add(row);
  }
  factors::VolatilityParams params;
  params.half_life_long = std::chrono::minutes{60};
  const Minutes minutes{params};
  const auto lines =
      forecast_table(market.rows, market.minutes, params, 15, {.seed = 1, .resamples = 199});
  const ForecastRow& har = lines[20];
  ASSERT_EQ(har.model, "har");
  EXPECT_FALSE(har.is_scaled);
  EXPECT_GT(har.n, 30);
  EXPECT_EQ(har.note, "no_spread");  // it is what others are compared with
  EXPECT_FALSE(har.dm_qlike);
  EXPECT_TRUE(har.spa_p);
  EXPECT_EQ(lines[0].n, har.n);
  EXPECT_NE(lines[0].dm_qlike, std::nullopt);
  EXPECT_EQ(lines[22].model, "har_log");
  EXPECT_EQ(lines[22].n, 0);  // a sample of its own
}

}  // namespace
}  // namespace toxvol::evaluate
