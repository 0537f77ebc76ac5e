#include "toxvol/evaluate/vpin.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/bucket_sizes.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/evaluate/vpin_variants.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::evaluate {
namespace {

using test::kStart;
using test::minute;

/// Buckets of two units.
BucketSizes sizes() {
  BucketSizes made{{.kind = factors::VpinBucketRule::Kind::Base, .amount_e8 = 2 * Qty::kOne}};
  for (std::int64_t n = 1; n <= 1500; ++n) made.add(test::bar(n, 100.0));
  return made;
}

Trade trade(std::int64_t seconds, double qty, Side side) {
  Trade made;
  made.ts_event = kStart + std::chrono::seconds{seconds};
  made.price = test::price(100.0);
  made.qty = Qty::from_raw(static_cast<std::int64_t>(qty * static_cast<double>(Qty::kOne)));
  made.aggressor = side;
  return made;
}

VpinValues values_of(const std::vector<Trade>& trades, Timestamp at, int buckets = 1) {
  const BucketSizes known = sizes();
  VpinVariants variants{known, buckets, std::chrono::minutes{1}, 7};
  variants.ask(at);
  for (const Trade& one : trades) variants.add(one);
  variants.finish();
  return variants.at(at);
}

// Bought 1.5 and sold 0.5: |1.5 − 0.5|/2. With the signs exchanged |0.5 − 1.5|/2 is the same; a
// bucket of pieces 1, 0.5, 0.5 with one sale has 0 or 1/2, by which of them is sold.
TEST(VpinVariants, PermuteTheSignsAndKeepTheSizes) {
  const VpinValues two =
      values_of({trade(1, 1.5, Side::Buy), trade(2, 0.5, Side::Sell)}, minute(1));
  for (const Value& value : two.permuted) EXPECT_EQ(value, 0.5);
  const VpinValues three = values_of(
      {trade(1, 1.0, Side::Buy), trade(2, 0.5, Side::Buy), trade(3, 0.5, Side::Sell)}, minute(1));
  EXPECT_EQ(three.origins[0], 0.5);
  const auto day = static_cast<std::uint64_t>(day_of(kStart).time_since_epoch().count());
  const stats::Draws draws{7, stats::Stream::SignPermutation};
  for (std::size_t b = 0; b < kPermutations; ++b) {
    std::vector<int> signs = {1, 1, -1};
    std::swap(signs[2], signs[stats::below(draws(1000 * day + b, 0), 3)]);
    std::swap(signs[1], signs[stats::below(draws(1000 * day + b, 1), 2)]);
    EXPECT_EQ(three.permuted.at(b), signs[0] < 0 ? 0.0 : 0.5) << b;
  }
}

TEST(VpinVariants, AnOriginLeavesOutTheFirstTenthsOfABucket) {
  // 1 bought, then 2 sold, then 1 bought. From the start: |1 − 1|/2, then |−1 + 1|/2; with half a
  // bucket left out: |−2|/2.
  const std::vector<Trade> trades = {trade(1, 1.0, Side::Buy), trade(2, 2.0, Side::Sell),
                                     trade(3, 1.0, Side::Buy)};
  const VpinValues values = values_of(trades, minute(1));
  EXPECT_EQ(values.origins[0], 0.0);
  EXPECT_EQ(values.origins[5], 1.0);
  EXPECT_NEAR(values.origins[1].value(), 0.2, 1e-12);  // |0.8 − 1.2|/2
}

TEST(VpinVariants, CountTradesBeforeTheirTimeAlone) {
  const std::vector<Trade> trades = {trade(60, 2.0, Side::Buy)};
  EXPECT_FALSE(values_of(trades, minute(1)).origins[0]);
  EXPECT_EQ(values_of(trades, minute(2)).origins[0], 1.0);
  EXPECT_FALSE(values_of(trades, minute(2), 2).origins[0]);  // one bucket of two
}

TEST(VpinVariants, AnOpenBucketIsDroppedAtMidnight) {
  const std::vector<Trade> trades = {trade(86'399, 1.5, Side::Buy), trade(86'401, 1.0, Side::Sell)};
  EXPECT_FALSE(values_of(trades, minute(1442)).origins[0]);
}

TEST(Vpin, IsJudgedByControlsAndPermutations) {
  EXPECT_EQ(vpin_verdict(1.96, 0.005, 0.05), "more than volume and volatility");
  EXPECT_EQ(vpin_verdict(-1.96, 0.005, 0.05), "more than volume and volatility");
  EXPECT_EQ(vpin_verdict(1.96, 0.005, 2.0 / 21.0),
            "it was volume: the signs were not found to matter");
  EXPECT_EQ(vpin_verdict(1.96, 0.0049, 0.04), "it was volume: the signs were not found to matter");
  EXPECT_EQ(vpin_verdict(1.95, 0.1, 0.04), "nothing that volume and volatility do not say");
  EXPECT_EQ(vpin_verdict({}, {}, {}), "too few hours to say");
  EXPECT_EQ(vpin_verdict(3.0, 0.1, {}), "without trades it cannot be told from volume");
}

/// Twelve days of minutes with pseudo-random volumes; VPIN at hours is what the hour after does.
TEST(Vpin, FindsWhatItForetells) {
  Rows rows;
  Minutes minutes{factors::VolatilityParams{}};
  const auto noise = [](std::uint64_t b, std::int64_t k) {
    return stats::uniform(stats::Draws{7, 100}(b, static_cast<std::uint64_t>(k)));
  };
  constexpr std::int64_t kLast = std::int64_t{12} * 1440;
  for (std::int64_t n = 0; n <= kLast; ++n) {
    const double move = std::exp(noise(0, (n - 1) / 60));
    Bar bar =
        test::bar(n, n % 2 == 0 ? 100.0 : 100.0 * std::exp(0.001 * move), 1.0 + noise(1, n / 60));
    bar.count = 1 + static_cast<std::int64_t>(100.0 * noise(2, n / 60));
    minutes.add(bar);
    if (n % 60 != 0) continue;
    Row row = test::row(n, 100.0 + noise(3, n));
    row.vpin = 0.3 + 0.1 * noise(0, n / 60);
    row.vpin_bvc = 0.3 + 0.1 * noise(4, n / 60);
    rows.add(row);
  }
  const Vpin found = vpin(rows, minutes, nullptr);
  ASSERT_EQ(found.lines.size(), 12U);  // two classifiers, two targets, three regressions
  const VpinRow& alone = found.lines[0];
  EXPECT_EQ(alone.n, 288 - 160);  // from 95 % of a week on, but not the last
  EXPECT_NEAR(alone.r2.value(), 1.0, 1e-9);
  EXPECT_GT(found.lines[2].gain.value(), 0.5);
  EXPECT_GT(found.findings[0].t.value(), 1.96);
  EXPECT_FALSE(found.findings[0].permutation_p);
  EXPECT_LT(found.lines[5].gain.value(), 0.1);  // bvc_1m is noise
  ASSERT_EQ(found.correlations.size(), 6U);
  for (const VpinCorrelation& one : found.correlations) {
    EXPECT_EQ(one.n, 288) << one.with << ": of the last hour, a week before it is not asked for";
  }
  EXPECT_FALSE(found.origin_sd);
}

}  // namespace
}  // namespace toxvol::evaluate
