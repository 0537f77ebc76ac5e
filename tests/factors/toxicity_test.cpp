#include "toxvol/factors/toxicity.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::flat_bar;
using test::kAll;
using test::kTradesAndBars;

constexpr Inputs kQuotesAndBars{.quotes = true, .bars = true};

ToxicityParams one_bucket() {
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
  Toxicity tox = toxicity(one_bucket(), kAll);
  tox.update(row(1, 0.2), {}, spread(1.0), true);
  tox.update(row(2, 0.4), {}, spread(1.2), true);
  const auto& values = tox.update(row(3, 0.5), {}, spread(1.3), true);
  EXPECT_EQ(values.vpin, 0.5);
  EXPECT_NEAR(values.z_vpin.value(), 0.2 / std::sqrt(0.02), 1e-12);
  EXPECT_NEAR(values.z_spread.value(), 0.2 / std::sqrt(0.02), 1e-12);
  EXPECT_NEAR(values.t.value(), 0.4 / std::sqrt(0.02) / std::sqrt(2.0), 1e-12);
}

TEST(Toxicity, IsVpinAloneWithoutQuotes) {
  Toxicity tox = toxicity(one_bucket(), kTradesAndBars);
  tox.update(row(1, 0.2), {}, {}, true);
  tox.update(row(2, 0.4), {}, {}, true);
  const auto& values = tox.update(row(3, 0.5), {}, {}, true);
  EXPECT_TRUE(values.t);
  EXPECT_EQ(values.t, values.z_vpin);
  EXPECT_EQ(values.z_spread, std::nullopt);
}

TEST(Toxicity, IsNullWhereAPartOfTheModeIs) {
  Toxicity tox = toxicity(one_bucket(), kAll);
  tox.update(row(1, 0.2), {}, spread(1.0), true);
  tox.update(row(2, 0.4), {}, spread(1.2), true);
  EXPECT_EQ(tox.update(row(3, 0.5), {}, {}, true).t, std::nullopt);
}

double alternating(std::int64_t minute) {
  return minute % 2 == 0 ? 0.001 : -0.001;
}

TEST(Toxicity, TakesBulkVpinForZWithoutTradesWhateverTheClassifier) {
  Toxicity tox = toxicity(one_bucket(), kQuotesAndBars);
  for (std::int64_t n = 1; n <= 40; ++n) tox.update(row(n, 0.2), alternating(n), spread(1.0), true);
  const auto& values = tox.update(row(41, 0.2), 0.002, spread(1.0), true);
  EXPECT_EQ(values.vpin, std::nullopt);
  EXPECT_NEAR(values.vpin_bvc.value(), std::erf(2.0 / std::sqrt(2.0)), 0.02);
  EXPECT_EQ(values.z_vpin, 5.0);
}

TEST(Toxicity, ShowsBothVpinsAndStandardisesTheChosenOne) {
  ToxicityParams p = one_bucket();
  Toxicity by_aggressor = toxicity(p, kAll);
  p.classifier = Classifier::Bvc;
  Toxicity by_bulk = toxicity(p, kAll);
  for (std::int64_t n = 1; n <= 40; ++n) {
    by_aggressor.update(row(n, 0.2), alternating(n), spread(1.0), true);
    by_bulk.update(row(n, 0.2), alternating(n), spread(1.0), true);
  }
  const auto& aggressor = by_aggressor.update(row(41, 0.2), 0.002, spread(1.0), true);
  const auto& bulk = by_bulk.update(row(41, 0.2), 0.002, spread(1.0), true);
  EXPECT_EQ(aggressor.z_vpin, 0.0);
  EXPECT_EQ(bulk.z_vpin, 5.0);
  EXPECT_EQ(aggressor.vpin, bulk.vpin);
  EXPECT_EQ(aggressor.vpin_bvc, bulk.vpin_bvc);
}

TEST(Toxicity, ReadsTheRelativeSpreadWhereAsked) {
  ToxicityParams p = one_bucket();
  p.spread = SpreadUnit::Relative;
  Toxicity tox = toxicity(p, kAll);
  tox.update(row(1, 0.2), {}, spread(1.0), true);
  tox.update(row(2, 0.2), {}, spread(1.0), true);
  // Both prior spreads 1e-6: the floor of 1e-7 stands for their sd.
  EXPECT_NEAR(tox.update(row(3, 0.2), {}, spread(1.2), true).z_spread.value(), 2.0, 1e-9);
}

/// A minute in which takers bought `net` more than they sold.
MinuteRow flow(std::int64_t minute, double net, std::int64_t volume = 100) {
  MinuteRow r;
  r.bar = flat_bar(minute, volume);
  r.trade_count = volume > 0 ? 1 : 0;
  r.last_trade = r.bar.ts_event - kMillisecond;
  r.signed_volume_e8 = std::llround(net * Qty::kOne);
  return r;
}

constexpr double kBp = 1e-4;

/// The worked example of docs/factors/kyle_lambda.md, from its first minute to its `last`.
Value worked_example(KyleLambda& lambda, std::int64_t last = 4) {
  constexpr double kNet[] = {10, -5, 20, -5};
  constexpr double kReturnBp[] = {3, 1, 5, -1};
  Value value;
  for (std::int64_t n = 1; n <= last; ++n) {
    value = lambda.update(flow(n, kNet[n - 1]), kReturnBp[n - 1] * kBp, true);
  }
  return value;
}

// T10: x less its mean 5, −10, 15, −10; y less its mean 1, −1, 3, −3; 90/450.
TEST(KyleLambda, IsTheSlopeOfReturnsOnSignedVolume) {
  KyleLambda lambda{minutes{4}};
  EXPECT_NEAR(worked_example(lambda).value(), 0.2, 1e-12);
}

// Minutes 2 to 5: x less its mean −15, 10, −15, 20; y less its mean −1, 3, −3, 1; 110/950.
TEST(KyleLambda, ForgetsTheMinuteThatLeavesTheWindow) {
  KyleLambda lambda{minutes{4}};
  worked_example(lambda);
  EXPECT_NEAR(lambda.update(flow(5, 30), 3 * kBp, true).value(), 110.0 / 950.0, 1e-12);
  // No row of 6 and nothing in 7 and 8: of 4 to 7 two minutes are there, of 5 to 8 one.
  EXPECT_NEAR(lambda.update(flow(7, 0), std::nullopt, true).value(), 4.0 / 35.0, 1e-12);
  EXPECT_EQ(lambda.update(flow(8, 0), std::nullopt, true), std::nullopt);
}

TEST(KyleLambda, NeedsHalfOfItsMinutes) {
  KyleLambda four{minutes{4}};
  EXPECT_EQ(worked_example(four, 1), std::nullopt);
  KyleLambda again{minutes{4}};
  EXPECT_NEAR(worked_example(again, 2).value(), 2.0 / 15.0, 1e-12);
  KyleLambda five{minutes{5}};
  EXPECT_EQ(worked_example(five, 2), std::nullopt);
  KyleLambda three_of_five{minutes{5}};
  EXPECT_TRUE(worked_example(three_of_five, 3));
}

// Each of them would move the slope if it counted as 0.
TEST(KyleLambda, LeavesOutAMinuteThatIsAbsent) {
  const auto with = [](const MinuteRow& fifth, std::optional<double> log_return,
                       bool trades_known) {
    KyleLambda lambda{minutes{5}};
    worked_example(lambda);
    return lambda.update(fifth, log_return, trades_known).value();
  };
  MinuteRow without_trades = flow(5, 0);
  without_trades.trade_count = 0;
  EXPECT_NEAR(with(without_trades, 9 * kBp, true), 0.2, 1e-12);      // the kline has volume
  EXPECT_NEAR(with(flow(5, 0), std::nullopt, true), 0.2, 1e-12);     // no bar the minute before
  EXPECT_NEAR(with(flow(5, 30), 9 * kBp, false), 0.2, 1e-12);        // trades overdue
  EXPECT_GT(std::abs(with(flow(5, 0), 9 * kBp, true) - 0.2), 0.01);  // it is there
}

// x 10, −5, 20, −5, 0 less 4, y 3, 1, 5, −1, 0 less 1.6: (8.4 + 5.4 + 54.4 + 23.4 + 6.4)/470.
TEST(KyleLambda, CountsAMinuteInWhichNobodyTraded) {
  KyleLambda lambda{minutes{5}};
  worked_example(lambda);
  EXPECT_NEAR(lambda.update(flow(5, 0, 0), 0.0, true).value(), 98.0 / 470.0, 1e-12);
}

TEST(KyleLambda, IsEmptyWhereSignedVolumesAreTheSame) {
  for (std::int64_t k = -50; k <= 50; ++k) {  // of some of them rounding leaves a variance
    const double net = 1.1 * static_cast<double>(k);
    KyleLambda lambda{minutes{7}};
    for (std::int64_t n = 1; n <= 16; ++n) {
      ASSERT_EQ(lambda.update(flow(n, net), static_cast<double>(n) * kBp, true), std::nullopt) << k;
    }
    EXPECT_TRUE(lambda.update(flow(17, net + 0.1), kBp, true)) << k;
  }
}

// Two months with holes and now and then a volume of a million, against the window summed anew.
TEST(KyleLambda, AgreesWithItsWindowSummedAnew) {
  struct Point {
    std::int64_t minute;
    double x, y;
  };
  constexpr std::int64_t kWindow = 90;
  KyleLambda lambda{minutes{kWindow}};
  test::Random random{10};
  std::vector<Point> all;
  int compared = 0;
  for (std::int64_t minute = 1; minute <= 60 * 1440; ++minute) {
    const double x = random.between(-50, 60) * (random.below(500) == 0 ? 2e4 : 1.0);
    const double y = 0.02 * x + random.between(-5, 5);
    const MinuteRow row = flow(minute, x);
    const bool is_there = random.below(10) != 0;
    const Value value = lambda.update(row, y * kBp, is_there);
    if (is_there) {
      all.push_back({minute, static_cast<double>(row.signed_volume_e8) / Qty::kOne, y});
    }
    if (minute % 7 != 0 || minute < kWindow) continue;
    std::size_t first = all.size();
    while (first > 0 && all[first - 1].minute > minute - kWindow) --first;
    const auto n = static_cast<double>(all.size() - first);
    double mean_x = 0.0;
    double mean_y = 0.0;
    for (std::size_t i = first; i < all.size(); ++i) {
      mean_x += all[i].x / n;
      mean_y += all[i].y / n;
    }
    double squares = 0.0;
    double products = 0.0;
    for (std::size_t i = first; i < all.size(); ++i) {
      squares += (all[i].x - mean_x) * (all[i].x - mean_x);
      products += (all[i].x - mean_x) * (all[i].y - mean_y);
    }
    ASSERT_NEAR(value.value(), products / squares, 1e-11) << minute;
    ++compared;
  }
  EXPECT_GT(compared, 12'000);
}

TEST(Toxicity, ShowsKylesLambdaWhereTradesAreAnInput) {
  ToxicityParams p = one_bucket();
  p.kyle_window = minutes{4};
  Toxicity with = toxicity(p, kTradesAndBars);
  Toxicity without = toxicity(p, kQuotesAndBars);
  with.update(flow(1, 10), 3 * kBp, {}, true);
  without.update(flow(1, 10), 3 * kBp, {}, true);
  EXPECT_NEAR(with.update(flow(2, -5), 1 * kBp, {}, true).kyle_lambda.value(), 2.0 / 15.0, 1e-12);
  EXPECT_EQ(without.update(flow(2, -5), 1 * kBp, {}, true).kyle_lambda, std::nullopt);
}

// N2: the last trade is 30 s old at the end of minutes 2 and on, at the limit or beyond it.
TEST(Toxicity, LeavesMinutesWithOverdueTradesOutOfKylesLambda) {
  const auto last = [](Duration limit) {
    FactorParams p;
    p.limits.trade = limit;
    p.toxicity.kyle_window = minutes{20};
    FactorModel model{p, kTradesAndBars};
    Value value;
    for (std::int64_t n = 1; n <= 21; ++n) {
      MinuteRow row = flow(n, n % 2 == 0 ? 5 : -5);
      row.bar.close = Price::from_raw((n % 2 == 0 ? 1001 : 1000) * test::kTickE8);
      row.last_trade = row.bar.ts_event - std::chrono::seconds{30};
      value = model.update(row).toxicity.kyle_lambda;
    }
    return value;
  };
  EXPECT_NEAR(last(std::chrono::seconds{30}).value(), 1e4 * std::log(1.001) / 5, 1e-9);
  EXPECT_EQ(last(std::chrono::seconds{30} - Duration{1}), std::nullopt);
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
