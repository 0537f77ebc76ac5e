#include "toxvol/factors/minute_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/real_data.hpp"
#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {
namespace {

using test::flat_bar;
using test::kAll;
using test::kDayMs;
using test::kMinuteMs;
using test::kMinutesPerDay;
using test::quote;
using test::trade;

FactorParams folder_params() {
  FactorParams p;
  p.toxicity.vpin_bucket = {.kind = VpinBucketRule::Kind::Base, .amount_e8 = 10 * Qty::kOne};
  return p;
}

MinuteFolder folder(const FactorParams& p = folder_params()) {
  return MinuteFolder{p, test::instrument(), kAll};
}

double mean(double sum, const QuoteIntegral& integral) {
  return sum / static_cast<double>(integral.known_ms);
}

TEST(MinuteFolder, RefusesAnInstrumentWithoutTick) {
  EXPECT_THROW((MinuteFolder{folder_params(), Instrument{}, kAll}), Error);
}

TEST(MinuteFolder, CountsTheBoundaryMillisecondInTheNextRow) {
  MinuteFolder fold = folder();
  fold.on(trade(0, Side::Buy, 1));  // first millisecond of the minute
  fold.on(quote(0, 1000, 1, 1001, 1));
  fold.on(trade(kMinuteMs - 1, Side::Buy, 2));  // last
  fold.on(quote(kMinuteMs - 1, 1000, 3, 1001, 1));
  fold.on(trade(kMinuteMs, Side::Sell, 4));  // next minute, though before the bar
  fold.on(quote(kMinuteMs, 1000, 7, 1001, 1));
  fold.on(quote(kMinuteMs, 1000, 8, 1001, 1));  // its last is the row's last_quote
  const MinuteRow first = fold.close(flat_bar(1));
  EXPECT_EQ(first.trade_count, 2);
  EXPECT_EQ(first.volume_e8, 3 * Qty::kOne);
  EXPECT_EQ(first.signed_volume_e8, 3 * Qty::kOne);
  EXPECT_EQ(first.quote_count, 2);
  EXPECT_EQ(first.ofi_count, 1);
  EXPECT_EQ(first.ofi_cks, 2.0);
  EXPECT_EQ(first.obi_last, 0.5);
  EXPECT_EQ(first.last_quote->bid_qty, Qty::from_raw(8 * Qty::kOne));  // A6: before ts_init
  const MinuteRow second = fold.close(flat_bar(2));
  EXPECT_EQ(second.trade_count, 1);
  EXPECT_EQ(second.signed_volume_e8, -4 * Qty::kOne);
  EXPECT_EQ(second.ofi_cks, 5.0);
  EXPECT_EQ(second.minute.known_ms, kMinuteMs);
}

// B = 3, A = 1 for 45 s and B = A = 2 for the last 15 s; the spread is 1, then 3 ticks.
TEST(MinuteFolder, WeighsQuotesByTheTimeTheyStand) {
  MinuteFolder fold = folder();
  fold.on(quote(0, 1000, 3, 1001, 1));
  fold.on(quote(45'000, 1000, 2, 1003, 2));
  const MinuteRow row = fold.close(flat_bar(1));
  EXPECT_EQ(row.minute.known_ms, 60'000);
  EXPECT_NEAR(mean(row.minute.obi, row.minute), 0.375, 1e-15);
  EXPECT_NEAR(mean(row.minute.depth, row.minute), 2.0, 1e-15);
  EXPECT_NEAR(mean(row.minute.spread_ticks, row.minute), 1.5, 1e-15);
  EXPECT_NEAR(mean(row.minute.spread_relative, row.minute),
              0.75 * 0.1 / 100.05 + 0.25 * 0.3 / 100.15, 1e-17);
  EXPECT_EQ(row.last_10s.known_ms, 10'000);
  EXPECT_EQ(row.last_10s.obi, 0.0);
  EXPECT_EQ(row.largest_quote_gap, Duration{45'000'000'000});
  EXPECT_EQ(row.obi_last, 0.0);
}

TEST(MinuteFolder, StartsTheLastTenSecondsAtTheirExactMillisecond) {
  MinuteFolder fold = folder();
  fold.on(quote(0, 1000, 3, 1001, 1));
  fold.on(quote(52'000, 1000, 1, 1001, 3));
  const MinuteRow row = fold.close(flat_bar(1));
  EXPECT_NEAR(row.last_10s.obi, 0.5 * 2000 - 0.5 * 8000, 1e-9);
}

TEST(MinuteFolder, WeighsTheKnownPartOnly) {
  MinuteFolder fold = folder();
  fold.on(quote(59'000, 1000, 3, 1001, 1));  // the day's first
  const MinuteRow row = fold.close(flat_bar(1));
  EXPECT_EQ(row.minute.known_ms, 1000);
  EXPECT_EQ(row.last_10s.known_ms, 1000);
  EXPECT_NEAR(mean(row.minute.obi, row.minute), 0.5, 1e-15);
  EXPECT_EQ(row.ofi_count, 0);
  EXPECT_TRUE(row.day_has_quote);
}

TEST(MinuteFolder, KnowsNothingOfAMinuteBeforeTheDaysFirstQuote) {
  MinuteFolder fold = folder();
  fold.on(quote(60'000, 1000, 3, 1001, 1));  // of the next minute
  const MinuteRow row = fold.close(flat_bar(1));
  EXPECT_EQ(row.minute.known_ms, 0);
  EXPECT_FALSE(row.day_has_quote);
  EXPECT_EQ(row.obi_last, std::nullopt);
}

TEST(MinuteFolder, CarriesAQuoteThroughTheDayWithoutAnAgeLimit) {
  MinuteFolder fold = folder();
  fold.on(quote(30'000, 1000, 3, 1001, 1));
  fold.close(flat_bar(1));
  for (std::int64_t minute = 2; minute < 900; ++minute) fold.close(flat_bar(minute));
  const MinuteRow row = fold.close(flat_bar(900));
  EXPECT_EQ(row.quote_count, 0);
  EXPECT_EQ(row.minute.known_ms, 60'000);
  EXPECT_EQ(row.obi_last, 0.5);
  EXPECT_EQ(row.largest_quote_gap, kMinute);
}

TEST(MinuteFolder, CarriesNothingOverMidnight) {
  MinuteFolder fold = folder();
  fold.on(quote(kDayMs - 1000, 1000, 3, 1001, 1));
  const MinuteRow last = fold.close(flat_bar(kMinutesPerDay));
  EXPECT_EQ(last.minute.known_ms, 1000);
  const MinuteRow quiet = fold.close(flat_bar(kMinutesPerDay + 1));
  EXPECT_EQ(quiet.minute.known_ms, 0);
  EXPECT_EQ(quiet.obi_last, std::nullopt);
  EXPECT_FALSE(quiet.day_has_quote);
  ASSERT_TRUE(quiet.last_quote);                      // A6: whatever its day
  fold.on(quote(kDayMs + 90'000, 1000, 9, 1001, 1));  // the day's first: no increment
  const MinuteRow next = fold.close(flat_bar(kMinutesPerDay + 2));
  EXPECT_EQ(next.ofi_count, 0);
  EXPECT_EQ(next.ofi_cks, 0.0);
  EXPECT_EQ(next.minute.known_ms, 30'000);
}

TEST(MinuteFolder, MakesNoIncrementAtTheFirstQuoteOfADay) {
  MinuteFolder fold = folder();
  fold.on(quote(kDayMs - 1, 1000, 3, 1001, 1));
  fold.on(quote(kDayMs, 1000, 9, 1001, 1));
  fold.on(quote(kDayMs + 1, 1000, 10, 1001, 1));
  const MinuteRow last = fold.close(flat_bar(kMinutesPerDay));
  EXPECT_EQ(last.last_quote->bid_qty, Qty::from_raw(9 * Qty::kOne));
  const MinuteRow first = fold.close(flat_bar(kMinutesPerDay + 1));
  EXPECT_EQ(first.ofi_count, 1);
  EXPECT_EQ(first.ofi_cks, 1.0);
}

TEST(MinuteFolder, FillsBucketsOnlyWithTheTicksOfAMinuteWithoutABar) {
  MinuteFolder fold = folder();
  fold.close(flat_bar(1));
  fold.on(trade(70'000, Side::Buy, 25));  // minute 2 gets no bar
  fold.on(quote(70'000, 1000, 3, 1001, 1));
  fold.on(quote(71'000, 1000, 5, 1001, 1));
  fold.on(trade(130'000, Side::Sell, 5));
  const MinuteRow row = fold.close(flat_bar(3));
  EXPECT_EQ(row.trade_count, 1);
  EXPECT_EQ(row.volume_e8, 5 * Qty::kOne);
  EXPECT_EQ(row.last_trade, test::at_ms(130'000));
  EXPECT_EQ(row.quote_count, 0);
  EXPECT_EQ(row.ofi_count, 0);
  EXPECT_TRUE(row.day_has_quote);
  EXPECT_EQ(row.minute.known_ms, 60'000);  // the quote is carried all the same
  ASSERT_EQ(row.tick_buckets.size(), 3U);
  EXPECT_EQ(row.tick_buckets[0].imbalance, 1.0);
  EXPECT_EQ(row.tick_buckets[2].imbalance, 0.0);  // B5 S5
  EXPECT_EQ(row.v_star_e8, 10 * Qty::kOne);
  EXPECT_TRUE(fold.close(flat_bar(4)).tick_buckets.empty());
}

// With latencies a tick can be seen after the row of its minute was closed.
TEST(MinuteFolder, CountsATickSeenAfterItsRowInTheNextRowClosed) {
  MinuteFolder fold = folder();
  fold.on(quote(30'000, 1000, 3, 1001, 1));
  fold.close(flat_bar(1));
  fold.on(trade(59'950, Side::Buy, 2));
  fold.on(quote(59'999, 1000, 4, 1001, 4));
  fold.on(trade(190'000, Side::Buy, 1));
  const MinuteRow row = fold.close(flat_bar(4));  // minutes 2 and 3 have no bar
  EXPECT_EQ(row.trade_count, 2);
  EXPECT_EQ(row.signed_volume_e8, 3 * Qty::kOne);
  EXPECT_EQ(row.quote_count, 1);
  EXPECT_EQ(row.ofi_cks, -2.0);  // B + 1, A + 3
  EXPECT_EQ(row.minute.known_ms, 60'000);
  EXPECT_EQ(row.minute.obi, 0.0);
  EXPECT_EQ(fold.close(flat_bar(5)).trade_count, 0);
}

TEST(MinuteFolder, LetsNoLateQuoteIntoTheNewDay) {
  MinuteFolder fold = folder();
  fold.on(quote(kDayMs - 1000, 1000, 3, 1001, 1));
  fold.close(flat_bar(kMinutesPerDay));
  fold.on(quote(kDayMs - 1, 1000, 9, 1001, 1));
  const MinuteRow row = fold.close(flat_bar(kMinutesPerDay + 1));
  EXPECT_EQ(row.minute.known_ms, 0);
  EXPECT_EQ(row.quote_count, 0);
  EXPECT_EQ(row.last_quote->bid_qty, Qty::from_raw(9 * Qty::kOne));
}

// A bar that comes late (data.bar_delay) must not see what came after its minute.
TEST(MinuteFolder, ClosesALateBarAsItWouldHaveBeenInTime) {
  MinuteFolder prompt = folder();
  MinuteFolder delayed = folder();
  std::vector<MinuteRow> expected;
  const auto tick = [](MinuteFolder& fold, std::int64_t i) {
    fold.on(trade(i * 7000, i % 3 == 0 ? Side::Buy : Side::Sell, 1 + i % 5));
    fold.on(quote(i * 7000, 1000 + i % 2, 1 + i % 7, 1002, 1 + i % 4));
  };
  std::int64_t bar = 1;
  for (std::int64_t i = 0; i < 100; ++i) {
    while (i * 7000 > bar * kMinuteMs) expected.push_back(prompt.close(flat_bar(bar++)));
    tick(prompt, i);
  }
  for (std::int64_t i = 0; i < 100; ++i) tick(delayed, i);
  ASSERT_EQ(expected.size(), 11U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const MinuteRow& row = delayed.close(flat_bar(static_cast<std::int64_t>(i) + 1));
    EXPECT_EQ(row.trade_count, expected[i].trade_count) << i;
    EXPECT_EQ(row.signed_volume_e8, expected[i].signed_volume_e8);
    EXPECT_EQ(row.ofi_cks, expected[i].ofi_cks);
    EXPECT_EQ(row.minute.obi, expected[i].minute.obi);
    EXPECT_EQ(row.minute.known_ms, expected[i].minute.known_ms);
    EXPECT_EQ(row.last_10s.depth, expected[i].last_10s.depth);
    EXPECT_EQ(row.obi_last, expected[i].obi_last);
    EXPECT_EQ(row.last_quote->ts_event, expected[i].last_quote->ts_event);
    EXPECT_EQ(row.tick_buckets.size(), expected[i].tick_buckets.size());
    EXPECT_EQ(row.envelope.trade_max, expected[i].envelope.trade_max);
  }
}

TEST(MinuteFolder, SpansTheEnvelopeOfItsTicks) {
  MinuteFolder fold = folder();
  fold.on(quote(1, 1000, 1, 1003, 1));
  fold.on(quote(2, 998, 1, 1001, 1));
  fold.on(quote(3, 999, 1, 1005, 1));
  fold.on(trade(4, Side::Buy, 1, 1005));
  fold.on(trade(5, Side::Sell, 1, 997));
  const Envelope seen = fold.close(flat_bar(1)).envelope;
  const auto ticks = [](std::int64_t n) { return Price::from_raw(n * test::kTickE8); };
  EXPECT_TRUE(seen.has_quote && seen.has_trade);
  EXPECT_EQ(seen.bid_min, ticks(998));
  EXPECT_EQ(seen.bid_max, ticks(1000));
  EXPECT_EQ(seen.ask_min, ticks(1001));
  EXPECT_EQ(seen.ask_max, ticks(1005));
  EXPECT_EQ(seen.trade_min, ticks(997));
  EXPECT_EQ(seen.trade_max, ticks(1005));
  const Envelope quiet = fold.close(flat_bar(2)).envelope;
  EXPECT_FALSE(quiet.has_quote || quiet.has_trade);
}

TEST(MinuteFolder, SumsTheLastNIncrementsOfTheDay) {
  FactorParams p = folder_params();
  p.pressure.ofi_events = 3;
  MinuteFolder fold = folder(p);
  const auto bid_qty = [&](std::int64_t ms, std::int64_t qty) {
    fold.on(quote(ms, 1000, qty, 1001, 1));
  };
  bid_qty(1000, 1);
  bid_qty(2000, 2);                                             // + 1
  bid_qty(3000, 4);                                             // + 2
  EXPECT_EQ(fold.close(flat_bar(1)).ofi_events, std::nullopt);  // two of three
  bid_qty(61'000, 8);                                           // + 4
  bid_qty(120'000, 16);                                         // + 8, of the next minute
  EXPECT_EQ(fold.close(flat_bar(2)).ofi_events, 7.0);
  EXPECT_EQ(fold.close(flat_bar(3)).ofi_events, 14.0);
  EXPECT_EQ(fold.close(flat_bar(4)).ofi_events, 14.0);  // nothing new
  for (std::int64_t n = 0; n < 3; ++n) bid_qty(kDayMs + n, 5 + n);
  fold.close(flat_bar(kMinutesPerDay));
  EXPECT_EQ(fold.close(flat_bar(kMinutesPerDay + 1)).ofi_events, std::nullopt);
  bid_qty(kDayMs + 60'001, 9);
  EXPECT_EQ(fold.close(flat_bar(kMinutesPerDay + 2)).ofi_events, 4.0);  // 1 + 1 + 2
}

TEST(MinuteFolder, TakesTheTickOfTheDate) {
  Instrument contract = test::instrument();
  contract.tick.push_back({.from = test::at_ms(60'000), .value = Price::from_raw(20'000'000)});
  MinuteFolder fold{folder_params(), contract, kAll};
  fold.on(quote(0, 1000, 1, 1002, 1));
  EXPECT_EQ(fold.close(flat_bar(1)).minute.spread_ticks, 120'000.0);
  EXPECT_EQ(fold.close(flat_bar(2)).minute.spread_ticks, 60'000.0);
}

TEST(MinuteFolder, IgnoresKindsThatAreNoInput) {
  MinuteFolder fold{folder_params(), test::instrument(), Inputs{.bars = true}};
  fold.on(quote(0, 1000, 1, 1002, 1));
  fold.on(trade(1, Side::Buy, 25));
  const MinuteRow row = fold.close(flat_bar(1));
  EXPECT_EQ(row.quote_count + row.trade_count, 0);
  EXPECT_TRUE(row.tick_buckets.empty());
  EXPECT_EQ(row.v_star_e8, 10 * Qty::kOne);
}

// Every sum over random ticks, done again the slow way from their definitions.
TEST(MinuteFolder, EqualsTheSumsOverAllMilliseconds) {
  test::Random random{7};
  std::vector<Quote> quotes;
  std::int64_t ms = 1500;
  while (ms < 5 * kMinuteMs) {
    const std::int64_t bid = 1000 + random.below(5);
    quotes.push_back(
        quote(ms, bid, 1 + random.below(9), bid + 1 + random.below(3), 1 + random.below(9)));
    ms += random.below(900);
  }
  MinuteFolder fold = folder();
  std::size_t next = 0;
  for (std::int64_t minute = 1; minute <= 5; ++minute) {
    while (next < quotes.size() && quotes[next].ts_event <= test::at_ms(minute * kMinuteMs)) {
      fold.on(quotes[next++]);
    }
    const MinuteRow& row = fold.close(flat_bar(minute));
    double obi = 0.0;
    double depth = 0.0;
    double spread = 0.0;
    double tail = 0.0;
    std::int64_t known = 0;
    std::size_t in_force = 0;
    for (std::int64_t t = (minute - 1) * kMinuteMs; t < minute * kMinuteMs; ++t) {
      while (in_force < quotes.size() && quotes[in_force].ts_event <= test::at_ms(t)) ++in_force;
      if (in_force == 0) continue;
      const Quote& q = quotes[in_force - 1];
      const double b = q.bid_qty.to_double();
      const double a = q.ask_qty.to_double();
      obi += (b - a) / (b + a);
      depth += (b + a) / 2.0;
      spread += (q.ask - q.bid).to_double() / 0.1;
      if (t >= minute * kMinuteMs - 10'000) tail += (b - a) / (b + a);
      ++known;
    }
    EXPECT_EQ(row.minute.known_ms, known);
    EXPECT_NEAR(row.minute.obi, obi, 1e-8);
    EXPECT_NEAR(row.minute.depth, depth, 1e-6);
    EXPECT_NEAR(row.minute.spread_ticks, spread, 1e-6);
    EXPECT_NEAR(row.last_10s.obi, tail, 1e-8);
  }
}

// The last quote and all trades of the recorded window.
TEST(MinuteFolder, EndsOnTheFiguresOfTheRecordedWindow) {
  const auto trades = test::recorded_trades("2024-08-08");
  const auto last = test::recorded_quotes("2024-08-09");
  if (trades.empty() || last.empty()) GTEST_SKIP() << "no recorded data";
  MinuteFolder fold = folder();
  for (const Trade& t : trades) fold.on(t);
  std::int64_t signed_volume = 0;
  std::int64_t volume = 0;
  Bar bar = flat_bar(1);
  const Timestamp midnight = Timestamp{day_of(trades.back().ts_event)} + kDay;
  for (Timestamp end = midnight - 6 * kMinute; end <= midnight; end += kMinute) {
    bar.ts_event = end;
    bar.ts_init = end + Duration{800'000};
    const MinuteRow& row = fold.close(bar);
    signed_volume += row.signed_volume_e8;
    volume += row.volume_e8;
  }
  EXPECT_NEAR(static_cast<double>(signed_volume) / static_cast<double>(volume), .030372533409951403,
              1e-17);
  for (const Quote& q : last) fold.on(q);
  bar.ts_event = midnight + kMinute;
  bar.ts_init = bar.ts_event + Duration{800'000};
  EXPECT_NEAR(fold.close(bar).obi_last.value(), .2047020672882043, 1e-16);
}

}  // namespace
}  // namespace toxvol::factors
