#include "toxvol/factors/toxicity.hpp"

#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;
using test::kAll;

constexpr Inputs kNoQuotes{.trades = true, .bars = true};
constexpr Inputs kKlines{.quotes = true, .bars = true};

ToxicityParams params() {
  ToxicityParams p;
  p.vpin_buckets = 1;
  p.z_min_count = 2;
  return p;
}

Toxicity toxicity(const ToxicityParams& p, Inputs inputs) {
  return {p, VolatilityParams{}, ZParams{}, inputs};
}

/// A row that completes one bucket.
MinuteRow row(std::int64_t minute, double imbalance) {
  MinuteRow r;
  r.bar = flat_bar(minute, 10);
  r.tick_buckets = {{.ts_event = r.bar.ts_event - Duration{1}, .imbalance = imbalance}};
  r.v_star_e8 = 10 * Qty::kOne;
  return r;
}

QuoteWindow::Values spread(double ticks) {
  return {.ofi = {}, .ofi_norm = {}, .spread_ticks = ticks, .spread_relative = ticks * 1e-6};
}

TEST(Toxicity, SumsVpinAndSpread) {
  Toxicity tox = toxicity(params(), kAll);
  tox.update(row(1, 0.2), {}, spread(1.0));
  tox.update(row(2, 0.4), {}, spread(1.2));
  const auto& values = tox.update(row(3, 0.5), {}, spread(1.3));
  EXPECT_EQ(values.vpin, 0.5);
  EXPECT_NEAR(values.z_vpin.value(), 0.2 / std::sqrt(0.02), 1e-12);
  EXPECT_NEAR(values.z_spread.value(), 0.2 / std::sqrt(0.02), 1e-12);
  EXPECT_NEAR(values.t.value(), 0.4 / std::sqrt(0.02) / std::sqrt(2.0), 1e-12);
}

TEST(Toxicity, IsVpinAloneWithoutQuotes) {
  Toxicity tox = toxicity(params(), kNoQuotes);
  tox.update(row(1, 0.2), {}, {});
  tox.update(row(2, 0.4), {}, {});
  const auto& values = tox.update(row(3, 0.5), {}, {});
  EXPECT_TRUE(values.t);
  EXPECT_EQ(values.t, values.z_vpin);
  EXPECT_EQ(values.z_spread, std::nullopt);
}

TEST(Toxicity, IsNullWhereAPartOfTheModeIs) {
  Toxicity tox = toxicity(params(), kAll);
  tox.update(row(1, 0.2), {}, spread(1.0));
  tox.update(row(2, 0.4), {}, spread(1.2));
  EXPECT_EQ(tox.update(row(3, 0.5), {}, {}).t, std::nullopt);
}

double alternating(std::int64_t minute) {
  return minute % 2 == 0 ? 0.001 : -0.001;
}

TEST(Toxicity, TakesBulkVpinForZWithoutTradesWhateverTheClassifier) {
  Toxicity tox = toxicity(params(), kKlines);
  for (std::int64_t n = 1; n <= 40; ++n) tox.update(row(n, 0.2), alternating(n), spread(1.0));
  const auto& values = tox.update(row(41, 0.2), 0.002, spread(1.0));
  EXPECT_EQ(values.vpin, std::nullopt);
  EXPECT_NEAR(values.vpin_bvc.value(), std::erf(2.0 / std::sqrt(2.0)), 0.02);
  EXPECT_EQ(values.z_vpin, 5.0);
}

TEST(Toxicity, ShowsBothVpinsAndStandardisesTheChosenOne) {
  ToxicityParams p = params();
  Toxicity by_aggressor = toxicity(p, kAll);
  p.classifier = Classifier::Bvc;
  Toxicity by_bulk = toxicity(p, kAll);
  for (std::int64_t n = 1; n <= 40; ++n) {
    by_aggressor.update(row(n, 0.2), alternating(n), spread(1.0));
    by_bulk.update(row(n, 0.2), alternating(n), spread(1.0));
  }
  const auto& aggressor = by_aggressor.update(row(41, 0.2), 0.002, spread(1.0));
  const auto& bulk = by_bulk.update(row(41, 0.2), 0.002, spread(1.0));
  EXPECT_EQ(aggressor.z_vpin, 0.0);
  EXPECT_EQ(bulk.z_vpin, 5.0);
  EXPECT_EQ(aggressor.vpin, bulk.vpin);
  EXPECT_EQ(aggressor.vpin_bvc, bulk.vpin_bvc);
}

TEST(Toxicity, ReadsTheRelativeSpreadWhereAsked) {
  ToxicityParams p = params();
  p.spread = SpreadUnit::Relative;
  Toxicity tox = toxicity(p, kAll);
  tox.update(row(1, 0.2), {}, spread(1.0));
  tox.update(row(2, 0.2), {}, spread(1.0));
  // Both prior spreads 1e-6: the floor of 1e-7 stands for their sd.
  EXPECT_NEAR(tox.update(row(3, 0.2), {}, spread(1.2)).z_spread.value(), 2.0, 1e-9);
}

TEST(Gate, IsToxicAtItsThreshold) {
  EXPECT_EQ(gate(0.7, 0.7, 1.0, ToxicityGate::Hard).toxic, true);
  EXPECT_EQ(gate(0.6999, 0.7, 1.0, ToxicityGate::Hard).toxic, false);
}

TEST(Gate, ShutsPOffOnlyWhenHard) {
  EXPECT_EQ(gate(0.8, 0.7, -1.5, ToxicityGate::Hard).f2, 0.0);
  EXPECT_EQ(gate(0.6, 0.7, -1.5, ToxicityGate::Hard).f2, -1.5);
  EXPECT_EQ(gate(0.8, 0.7, -1.5, ToxicityGate::Scale).f2, -1.5);
}

TEST(Gate, KnowsNothingFromNothing) {
  EXPECT_EQ(gate({}, 0.7, 1.0, ToxicityGate::Hard).toxic, std::nullopt);
  EXPECT_EQ(gate(0.8, {}, 1.0, ToxicityGate::Hard).f2, std::nullopt);
  const Gated no_pressure = gate(0.8, 0.7, {}, ToxicityGate::Hard);
  EXPECT_EQ(no_pressure.toxic, true);
  EXPECT_EQ(no_pressure.f2, std::nullopt);
}

}  // namespace
}  // namespace toxvol::factors
