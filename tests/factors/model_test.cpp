#include "toxvol/factors/model.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/short_params.hpp"
#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/mode.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::flat_bar;
using test::kAll;
using test::short_params;

MinuteRow svi_row(std::int64_t minute, std::int64_t signed_volume) {
  MinuteRow row;
  row.bar = flat_bar(minute, 10);
  row.trade_count = 1;
  row.last_trade = row.bar.ts_event - kMillisecond;
  row.volume_e8 = 100 * Qty::kOne;
  row.signed_volume_e8 = signed_volume * Qty::kOne;
  return row;
}

TEST(FactorModel, RefusesParametersThatCannotWork) {
  FactorParams p = short_params();
  p.pressure.z_min_count = 31;
  EXPECT_THROW((FactorModel{p, kAll}), Error);
}

TEST(FactorModel, NamesWhatTheInputsLack) {
  EXPECT_EQ(mode_text(kAll), "full");
  EXPECT_EQ(mode_text({.trades = true, .bars = true, .funding = true}), "no_quotes+no_metrics");
  EXPECT_EQ(mode_text({.bars = true}), "klines+no_quotes+no_metrics+no_funding");
  EXPECT_EQ((FactorModel{short_params(), {.bars = true}}.update(svi_row(1, 0)).mode),
            "klines+no_quotes+no_metrics+no_funding");
}

TEST(FactorModel, DecidesAtMultiplesOfTheCadenceSinceTheEpoch) {
  FactorParams p = short_params();
  p.cadence = minutes{7};
  p.thresholds.quantile_min_count = 2;
  FactorModel model{p, kAll};
  int decisions = 0;
  for (std::int64_t minute = 1; minute <= 1440; ++minute) {
    const FactorRow& row = model.update(svi_row(minute, 0));
    const bool is_multiple = row.ts.time_since_epoch().count() / 60'000'000'000 % 7 == 0;
    EXPECT_EQ(row.decides, is_multiple);
    decisions += row.decides ? 1 : 0;
  }
  constexpr int kMultiples = 1440 / 7;
  EXPECT_NEAR(decisions, kMultiples, 1);
}

// R36: numbers stand where quantiles would, from the first row on; the rank stays trailing.
TEST(FactorModel, FixedThresholdsStandInPlaceOfQuantiles) {
  FactorParams p = short_params();
  p.thresholds.fit = ThresholdFit::Walkforward;
  p.thresholds.f1 = 0.25;
  p.thresholds.p = 0.0;
  p.thresholds.t = -1.5;
  FactorModel model{p, kAll};
  const FactorRow& row = model.update(svi_row(1, 0));
  EXPECT_EQ(row.thresholds.q_f1, 0.25);
  EXPECT_EQ(row.thresholds.q_p, 0.0);
  EXPECT_EQ(row.thresholds.q_p_b, std::nullopt) << "none: trailing, and there is no row before";
  EXPECT_EQ(row.thresholds.tau_t, -1.5);
  EXPECT_EQ(row.thresholds.t_rank, std::nullopt);
}

TEST(FactorModel, DoesNotTakeTrailingQuantilesForThoseOfTheSample) {
  FactorParams p = short_params();
  p.thresholds.fit = ThresholdFit::Sample;
  EXPECT_THROW((FactorModel{p, kAll}), Error);
}

// G7, Q2: thresholds over decision rows only, strictly prior ones, shown on every row.
TEST(FactorModel, TakesThresholdsOverPriorDecisionRows) {
  FactorParams p = short_params();
  p.cadence = minutes{2};
  p.quantiles.pressure = 1.0;
  p.quantiles.pressure_b = 0.01;
  FactorModel model{p, {.trades = true, .bars = true}};
  test::Random random{3};
  std::vector<double> strengths;
  int compared = 0;
  for (std::int64_t minute = 1; minute <= 25; ++minute) {
    const FactorRow& row = model.update(svi_row(minute, random.below(100) - 50));
    if (strengths.size() >= 2) {
      EXPECT_EQ(row.thresholds.q_p, *std::max_element(strengths.begin(), strengths.end()));
      EXPECT_EQ(row.thresholds.q_p_b, *std::min_element(strengths.begin(), strengths.end()));
      ++compared;
    } else {
      EXPECT_EQ(row.thresholds.q_p, std::nullopt);
    }
    if (row.decides && row.pressure.p) strengths.push_back(std::abs(*row.pressure.p));
  }
  EXPECT_GT(compared, 15);
}

// Z1: the window of 30 minutes, done again from the rows themselves.
TEST(FactorModel, ForgetsDecisionRowsThatHaveLeftTheWindow) {
  FactorParams p = short_params();
  p.toxicity.vpin_buckets = 1;
  p.toxicity.tau = 1.0;
  p.quantiles.pressure = 1.0;
  FactorModel model{p, {.trades = true, .bars = true}};
  test::Random random{4};
  std::vector<FactorRow> rows;
  for (std::int64_t minute = 1; minute <= 120; ++minute) {
    MinuteRow row = svi_row(minute, random.below(100) - 50);
    row.tick_buckets = {
        {.ts_event = row.bar.ts_event - Duration{1}, .imbalance = random.uniform()}};
    const FactorRow& now = model.update(row);
    double highest_t = -10.0;
    double highest_p = 0.0;
    for (const FactorRow& before : rows) {
      if (before.ts < now.ts - minutes{30}) continue;
      highest_t = std::max(highest_t, before.toxicity.t.value_or(-10.0));
      highest_p = std::max(highest_p, std::abs(before.pressure.p.value_or(0.0)));
    }
    if (minute > 4) {
      EXPECT_EQ(now.thresholds.tau_t, highest_t) << minute;
      EXPECT_EQ(now.thresholds.q_p, highest_p) << minute;
    }
    rows.push_back(now);
  }
}

/// What `model` makes of a minute whose newest quote and trade are that old at its end.
FactorRow row_of_age(FactorModel& model, std::int64_t minute, std::optional<Duration> quote_age,
                     std::optional<Duration> trade_age, std::int64_t volume = 10) {
  MinuteRow row = svi_row(minute, 4);
  row.bar = flat_bar(minute, volume);
  row.last_trade.reset();
  const Timestamp end = row.bar.ts_event;
  if (trade_age) row.last_trade = end - *trade_age;
  if (quote_age) {
    row.last_quote = test::quote(0, 1000, 1, 1001, 1);
    row.last_quote->ts_event = end - *quote_age;
  }
  row.obi_last = 0.5;
  row.minute = {.obi = 30'000, .depth = 1, .spread_ticks = 60'000, .known_ms = 60'000};
  row.last_10s = {.obi = 5'000, .known_ms = 10'000};
  return model.update(row);
}

// N2: overdue from beyond the limit, to the nanosecond; none known yet is overdue.
TEST(FactorModel, AMinuteIsDegradedByAnInputWhoseNewestRecordIsOlderThanItsLimit) {
  constexpr Inputs kTicks{.trades = true, .quotes = true, .bars = true};
  const auto mode = [&](std::optional<Duration> quote_age, std::optional<Duration> trade_age,
                        std::int64_t volume = 10) {
    FactorModel model{short_params(), kTicks};
    return row_of_age(model, 1, quote_age, trade_age, volume).mode;
  };
  const std::string rest = "no_metrics+no_funding";
  constexpr Duration kLimit = std::chrono::seconds{60};
  EXPECT_EQ(mode(kLimit, kLimit), rest);
  EXPECT_EQ(mode(kLimit + Duration{1}, kLimit), "no_quotes+" + rest);
  EXPECT_EQ(mode(kLimit, kLimit + Duration{1}), "klines+" + rest);
  EXPECT_EQ(mode(kLimit, kLimit + Duration{1}, 0), rest);  // nobody traded: nothing is missing
  EXPECT_EQ(mode({}, {}), "klines+no_quotes+" + rest);
}

// N3: what quotes say is null while they are overdue, but their age; P and T still need them.
TEST(FactorModel, ShowsNothingOfQuotesThatAreOverdue) {
  FactorModel model{short_params(), {.trades = true, .quotes = true, .bars = true}};
  for (std::int64_t minute = 1; minute <= 5; ++minute) {
    row_of_age(model, minute, Duration{}, Duration{});
  }
  const FactorRow degraded = row_of_age(model, 6, minutes{2}, Duration{});
  EXPECT_FALSE(degraded.pressure.obi || degraded.pressure.quotes.ofi ||
               degraded.pressure.quotes.ofi_norm || degraded.pressure.quotes.spread_ticks);
  EXPECT_FALSE(degraded.pressure.z_obi || degraded.pressure.z_ofi || degraded.toxicity.z_spread ||
               degraded.pressure.p || degraded.toxicity.t);
  EXPECT_FALSE(degraded.bid || degraded.ask);
  EXPECT_EQ(degraded.quote_age_s, 120.0);
  EXPECT_TRUE(degraded.pressure.svi && degraded.pressure.z_svi);
  EXPECT_TRUE(degraded.overdue.quotes);
  const FactorRow back = row_of_age(model, 7, Duration{}, Duration{});
  EXPECT_TRUE(back.pressure.obi && back.pressure.quotes.ofi && back.pressure.p && back.bid);
  EXPECT_FALSE(back.overdue.quotes);
}

TEST(FactorModel, ShowsTheLastQuoteAndItsAgeAtTheBarsEnd) {
  FactorModel model{short_params(), kAll};
  MinuteRow row = svi_row(1, 0);
  row.last_quote = test::quote(58'500, 1000, 1, 1001, 1);
  const FactorRow& first = model.update(row);
  EXPECT_EQ(first.bid, row.last_quote->bid);
  EXPECT_EQ(first.ask, row.last_quote->ask);
  EXPECT_EQ(first.quote_age_s, 1.5);
  const FactorRow& second = model.update(svi_row(2, 0));
  EXPECT_EQ(second.bid, std::nullopt);
  EXPECT_EQ(second.quote_age_s, std::nullopt);
}

}  // namespace
}  // namespace toxvol::factors
