#include "toxvol/factors/pressure.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/trailing_scale.hpp"
#include "toxvol/factors/z_sum.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;
using test::kAll;

constexpr Inputs kAllButQuotes{.trades = true, .bars = true, .metrics = true, .funding = true};
constexpr Inputs kKlinesOnly{.bars = true};

/// A whole minute of one quote, B and A in base units, and of trades.
MinuteRow row(std::int64_t minute, double bid_qty, double ask_qty, double ofi,
              std::int64_t signed_volume, std::int64_t volume) {
  MinuteRow r;
  r.bar = flat_bar(minute);
  constexpr std::int64_t kMs = 60'000;
  const double obi = (bid_qty - ask_qty) / (bid_qty + ask_qty);
  r.minute = {.obi = obi * kMs,
              .depth = (bid_qty + ask_qty) / 2 * kMs,
              .spread_ticks = 1.0 * kMs,
              .spread_relative = 1e-6 * kMs,
              .known_ms = kMs};
  r.last_10s = {.obi = -obi * 10'000, .known_ms = 10'000};
  r.obi_last = obi / 2;
  r.ofi_cks = ofi;
  r.ofi_document = -ofi;
  r.day_has_quote = true;
  r.trade_count = volume > 0 ? 1 : 0;
  r.signed_volume_e8 = signed_volume * Qty::kOne;
  r.volume_e8 = volume * Qty::kOne;
  return r;
}

TEST(ZSum, HasUnitVarianceForIndependentParts) {
  ZSum sum{ZScale::Unit};
  sum.add(3.0, 1.0);
  sum.add(4.0, 2.0);
  EXPECT_NEAR(sum.of_all().value(), 11.0 / 5.0, 1e-15);
}

TEST(ZSum, LeavesOutPartsOfWeightZeroEvenWhereTheyAreUnknown) {
  ZSum sum{ZScale::Unit};
  sum.add(2.0, 1.5);
  sum.add(0.0, std::nullopt);
  EXPECT_EQ(sum.of_all(), 1.5);
}

TEST(ZSum, NeedsAllPartsOrSome) {
  ZSum sum{ZScale::Unit};
  EXPECT_EQ(sum.of_present(), std::nullopt);
  sum.add(1.0, std::nullopt);
  EXPECT_EQ(sum.of_present(), std::nullopt);
  sum.add(2.0, 0.5);
  EXPECT_EQ(sum.of_all(), std::nullopt);
  EXPECT_EQ(sum.of_present(), 0.5);
}

TEST(ZSum, IsDividedByNothingWhereItIsPlain) {
  ZSum sum{ZScale::Plain};
  EXPECT_EQ(sum.of_present(), std::nullopt);
  sum.add(3.0, 1.0);
  sum.add(4.0, 2.0);
  EXPECT_EQ(sum.of_all(), 11.0);
  sum.add(1.0, std::nullopt);
  EXPECT_EQ(sum.of_all(), std::nullopt);
  EXPECT_EQ(sum.of_present(), 11.0);
}

// M1. Prior sums 1 and 3: mean square deviation 2.
TEST(TrailingScale, DividesByTheSpreadOfPriorSums) {
  TrailingScale scale{ZScale::Trailing, std::chrono::hours{1}, 2};
  EXPECT_EQ(scale.update(test::minute(1), 1.0), std::nullopt);
  EXPECT_EQ(scale.update(test::minute(2), 3.0), std::nullopt);
  EXPECT_EQ(scale.update(test::minute(3), std::nullopt), std::nullopt);
  EXPECT_NEAR(scale.update(test::minute(4), 2.0).value(), 2.0 / std::sqrt(2.0), 1e-12);
}

TEST(TrailingScale, IsTheSumItselfOtherwise) {
  for (const ZScale which : {ZScale::Unit, ZScale::Plain}) {
    TrailingScale scale{which, std::chrono::hours{1}, 2};
    EXPECT_EQ(scale.update(test::minute(1), 1.25), 1.25);
  }
}

TEST(OrderBookImbalance, ReadsTheWindowThatIsAskedFor) {
  const MinuteRow r = row(1, 3, 1, 0, 0, 0);
  EXPECT_NEAR(order_book_imbalance(r, ObiWindow::S60).value(), 0.5, 1e-15);
  EXPECT_NEAR(order_book_imbalance(r, ObiWindow::S10).value(), -0.5, 1e-15);
  EXPECT_EQ(order_book_imbalance(r, ObiWindow::Last), 0.25);
  const MinuteRow unknown{};
  EXPECT_EQ(order_book_imbalance(unknown, ObiWindow::S10), std::nullopt);
}

TEST(SignedVolumeImbalance, IsSignedOverWholeVolumeOfItsWindow) {
  SignedVolumeImbalance svi{std::chrono::minutes{2}, true};
  EXPECT_EQ(svi.update(row(1, 1, 1, 0, 4, 10)), std::nullopt);
  EXPECT_NEAR(svi.update(row(2, 1, 1, 0, -1, 20)).value(), 3.0 / 30.0, 1e-16);
  EXPECT_NEAR(svi.update(row(3, 1, 1, 0, 5, 5)).value(), 4.0 / 25.0, 1e-16);
}

TEST(SignedVolumeImbalance, IsZeroWithoutATrade) {
  SignedVolumeImbalance svi{kMinute, true};
  MinuteRow still = row(1, 1, 1, 0, 0, 0);
  still.bar = flat_bar(1, 0);
  EXPECT_EQ(svi.update(still), 0.0);
}

// N3: the minute traded, but its trades are not there. 2 · 7 − 10 of 10; 1 of 2 from trades.
TEST(SignedVolumeImbalance, TakesAMinuteWithoutItsTradesFromTheKline) {
  SignedVolumeImbalance svi{std::chrono::minutes{2}, true};
  MinuteRow r = row(1, 1, 1, 0, 0, 0);
  r.bar = flat_bar(1, 10, 7);
  svi.update(r);
  EXPECT_NEAR(svi.update(row(2, 1, 1, 0, 1, 2)).value(), 5.0 / 12.0, 1e-15);
}

TEST(SignedVolumeImbalance, IsNullWhereNeitherTradesNorTheFlowOfTheKlineAreKnown) {
  SignedVolumeImbalance svi{kMinute, true};
  MinuteRow r = row(1, 1, 1, 0, 0, 0);
  r.bar = flat_bar(1, 10, 7);
  r.bar.count = 0;  // a store of bars alone
  EXPECT_EQ(svi.update(r), std::nullopt);
  SignedVolumeImbalance of_klines{kMinute, false};
  EXPECT_EQ(of_klines.update(r), std::nullopt);
}

TEST(SignedVolumeImbalance, IsNullUntilTheWindowIsWholeAgain) {
  SignedVolumeImbalance svi{std::chrono::minutes{2}, true};
  svi.update(row(1, 1, 1, 0, 1, 2));
  EXPECT_TRUE(svi.update(row(2, 1, 1, 0, 1, 2)));
  EXPECT_FALSE(svi.update(row(4, 1, 1, 0, 1, 2)));  // minute 3 is missing
  EXPECT_TRUE(svi.update(row(5, 1, 1, 0, 1, 2)));
}

// G5: (2·Σtaker_buy − Σvolume)/Σvolume.
TEST(SignedVolumeImbalance, ComesFromKlinesWhereTradesAreNoInput) {
  SignedVolumeImbalance svi{std::chrono::minutes{2}, false};
  MinuteRow r;
  r.bar = flat_bar(1, 10, 7);
  EXPECT_EQ(svi.update(r), std::nullopt);
  r.bar = flat_bar(2, 30, 3);
  EXPECT_NEAR(svi.update(r).value(), -20.0 / 40.0, 1e-16);
}

TEST(QuoteWindow, DividesOfiByTheMeanDepthOfItsWindow) {
  PressureParams params;
  params.ofi_window = std::chrono::minutes{2};
  QuoteWindow window{params};
  EXPECT_EQ(window.update(row(1, 3, 1, 10, 0, 0), true).ofi, std::nullopt);
  const auto values = window.update(row(2, 7, 5, -4, 0, 0), true);
  EXPECT_EQ(values.ofi, 6.0);
  EXPECT_NEAR(values.ofi_norm.value(), 6.0 / 4.0, 1e-15);
  EXPECT_NEAR(values.spread_ticks.value(), 1.0, 1e-15);
  EXPECT_NEAR(values.spread_relative.value(), 1e-6, 1e-21);
}

// The mean depth weighs each minute by its known milliseconds (P3).
TEST(QuoteWindow, WeighsDepthByKnownMilliseconds) {
  PressureParams params;
  params.ofi_window = std::chrono::minutes{2};
  QuoteWindow window{params};
  MinuteRow first = row(1, 3, 1, 10, 0, 0);
  first.minute = {.depth = 2.0 * 20'000, .spread_ticks = 20'000, .known_ms = 20'000};
  window.update(first, true);
  const auto values = window.update(row(2, 7, 5, 0, 0, 0), true);
  EXPECT_NEAR(values.ofi_norm.value(), 10.0 / (0.25 * 2.0 + 0.75 * 6.0), 1e-14);
}

TEST(QuoteWindow, TakesTheDocumentsIncrementsWhereAsked) {
  PressureParams params;
  params.ofi_ask_side = OfiAskSide::Document;
  EXPECT_EQ(QuoteWindow{params}.update(row(1, 3, 1, 10, 0, 0), true).ofi, -10.0);
}

TEST(QuoteWindow, TakesTheLastEventsOverTheMinutesDepth) {
  PressureParams params;
  params.ofi_events = 500;
  params.ofi_window = std::chrono::minutes{5};  // counts for nothing
  QuoteWindow window{params};
  MinuteRow r = row(1, 3, 1, 10, 0, 0);
  const auto before = window.update(r, true);
  EXPECT_EQ(before.ofi, std::nullopt);
  EXPECT_TRUE(before.spread_ticks);
  r = row(2, 3, 1, 10, 0, 0);
  r.ofi_events = 8.0;
  EXPECT_EQ(window.update(r, true).ofi_norm, 4.0);
}

TEST(Pressure, NeedsAllPartsOfAMode) {
  PressureParams params;
  params.z_min_count = 2;
  Pressure full{params, ZParams{}, kAll};
  Pressure no_quotes{params, ZParams{}, kAllButQuotes};
  Pressure klines{params, ZParams{}, kKlinesOnly};
  for (std::int64_t n = 1; n <= 2; ++n) {
    const MinuteRow r = row(n, 1.0 + static_cast<double>(n), 1, static_cast<double>(n), n, 10);
    EXPECT_EQ(full.update(r, true).p, std::nullopt);
    EXPECT_EQ(no_quotes.update(r, true).p, std::nullopt);
    klines.update(r, true);
  }
  MinuteRow r = row(3, 5, 1, 4, 5, 10);
  const auto& values = full.update(r, true);
  EXPECT_NEAR(values.p.value(), (*values.z_obi + *values.z_svi + *values.z_ofi) / std::sqrt(3.0),
              1e-15);
  const auto& alone = no_quotes.update(r, true);
  EXPECT_EQ(alone.p, alone.z_svi);
  EXPECT_EQ(alone.obi, std::nullopt);
  EXPECT_EQ(alone.quotes.ofi, std::nullopt);
  EXPECT_TRUE(klines.update(r, true).p);

  r = row(4, 5, 1, 4, 5, 10);
  r.minute = r.last_10s = {};
  EXPECT_EQ(full.update(r, true).p, std::nullopt);  // OBI and OFI are unknown
}

// Prior SVI .1, .2: mean .15, sd .0707; .5 is 4.95 sd away.
TEST(Pressure, StandardisesAgainstPriorRowsOnly) {
  PressureParams params;
  params.z_min_count = 2;
  Pressure pressure{params, ZParams{}, kAllButQuotes};
  pressure.update(row(1, 1, 1, 0, 1, 10), true);
  pressure.update(row(2, 1, 1, 0, 2, 10), true);
  EXPECT_NEAR(pressure.update(row(3, 1, 1, 0, 5, 10), true).z_svi.value(), 0.35 / std::sqrt(0.005),
              1e-12);
}

}  // namespace
}  // namespace toxvol::factors
