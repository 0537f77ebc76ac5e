#include "toxvol/evaluate/compression.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::evaluate {
namespace {

TEST(Compression, ADecileIsTheTenthThatAShareLiesIn) {
  EXPECT_EQ(decile_of(0.0), 1);
  EXPECT_EQ(decile_of(0.0999), 1);
  EXPECT_EQ(decile_of(0.1), 2);
  EXPECT_EQ(decile_of(0.9), 10);
  EXPECT_EQ(decile_of(1.0), 10);
}

Excess excess(double b, double se) {
  return {.b = b, .se = se, .t = b / se, .p = 0.0};
}

TEST(Compression, IsJudgedByTheRegressionWithHours) {
  EXPECT_EQ(compression_verdict({}, {}), "too few rows to say");
  EXPECT_EQ(compression_verdict(excess(0.0, 1.0), excess(std::log(1.2), 0.01)),
            "after compression volatility exceeds its forecast by 20.0 %");
  EXPECT_EQ(compression_verdict(excess(0.0, 1.0), excess(std::log(0.9), 0.01)),
            "after compression volatility stays below its forecast by 10.0 %");
  const std::string none = compression_verdict(excess(0.0, 1.0), excess(0.0, 0.01));
  EXPECT_EQ(none, "no different, between -1.9 and 2.0 %");
  EXPECT_EQ(compression_verdict(excess(0.5, 0.01), excess(0.0, 0.01)),
            none + ": compression is mostly time of day");
}

// 1.96 standard errors from 0 is the bound on both sides.
TEST(Compression, NeedsAnIntervalThatExcludesNothing) {
  EXPECT_NE(compression_verdict({}, excess(0.0196, 0.01)).find("exceeds"), std::string::npos);
  EXPECT_NE(compression_verdict({}, excess(0.01959, 0.01)).find("no different"), std::string::npos);
  EXPECT_NE(compression_verdict({}, excess(-0.0196, 0.01)).find("stays below"), std::string::npos);
}

/// Each quarter of an hour is f1 = its number modulo ten; after nines volatility is e^0.5 of usual.
TEST(Compression, FindsThatVolatilityFollowsTheTenthDecile) {
  Rows rows;
  Minutes minutes{factors::VolatilityParams{}};
  constexpr std::int64_t kQuarters = 400;
  double logarithm = 0.0;
  for (std::int64_t n = 0; n <= kQuarters * 15; ++n) {
    const std::int64_t quarter = (n - 1) / 15;  // minute n lies in it
    const double times = n > 0 && quarter % 10 == 9 ? std::exp(0.25) : 1.0;
    logarithm += (n % 2 == 0 ? -0.01 : 0.01) * times;
    minutes.add(test::bar(n, 100.0 * std::exp(logarithm)));
    if (n % 15 != 0) continue;
    Row row = test::row(n, 100.0);
    row.f1 = static_cast<double>(n / 15 % 10) + 1e-6 * static_cast<double>(n % 7);
    row.sigma = 0.01 + 1e-5 * static_cast<double>(n % 11);
    row.har = 1440.0 * 1e-4;
    rows.add(row);
  }
  const auto found = compression(rows, minutes, {.volatility = {}, .least_prior = 30},
                                 {.seed = 1, .resamples = 199});
  ASSERT_EQ(found.size(), 6U);
  const Compression& har = found[3];
  EXPECT_EQ(har.forecast, "har");
  EXPECT_EQ(har.horizon_min, 15);
  // A large eight lies in the tenth decile too, where fewer than a tenth before it were nines.
  EXPECT_NEAR(har.plain.b.value(), 0.5, 0.03);
  EXPECT_NEAR(har.hourly.b.value(), 0.5, 0.03);
  ASSERT_EQ(har.deciles.size(), 10U);
  EXPECT_NEAR(har.deciles[9].log_ratio.value() - har.deciles[0].log_ratio.value(), 0.5, 0.03);
  EXPECT_NEAR(har.deciles[9].ratio.value(), std::exp(har.deciles[9].log_ratio.value()), 1e-2);
  EXPECT_NE(har.verdict.find("exceeds its forecast by 6"), std::string::npos) << har.verdict;
  std::int64_t all = 0;
  for (const CompressionRow& line : har.deciles) all += line.n;
  EXPECT_EQ(all, har.n);
}

TEST(Compression, WithoutRowsSaysNothing) {
  const auto found =
      compression(Rows{}, Minutes{factors::VolatilityParams{}}, {}, {.resamples = 99});
  for (const Compression& one : found) {
    EXPECT_EQ(one.verdict, "too few rows to say");
    for (const CompressionRow& line : one.deciles) EXPECT_EQ(line.note, "too_short");
  }
}

}  // namespace
}  // namespace toxvol::evaluate
