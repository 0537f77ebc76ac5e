#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"

namespace {

using namespace toxvol;
using namespace toxvol::factors;

constexpr std::int64_t kMinutes = 30;  // of ticks, shifted on at each pass

/// Quotes with the habits of the recorded ones: 48 % share the millisecond of the row before, 97 %
/// keep both prices.
std::vector<Quote> quotes() {
  test::Random random{1};
  std::vector<Quote> rows;
  std::int64_t bid = 600'000;
  for (std::int64_t ms = 0; ms < kMinutes * 60'000;) {
    if (random.below(100) < 3) bid += random.below(3) - 1;
    rows.push_back(test::quote(ms, bid, 1 + random.below(20), bid + 1, 1 + random.below(20)));
    if (random.below(100) >= 48) ms += 1 + random.below(18);
  }
  return rows;
}

std::vector<Trade> trades() {
  test::Random random{2};
  std::vector<Trade> rows;
  for (std::int64_t ms = 0; ms < kMinutes * 60'000; ms += random.below(90)) {
    const Side side = random.below(2) == 0 ? Side::Buy : Side::Sell;
    rows.push_back(test::trade(ms, side, 1 + random.below(3), 600'000 + random.below(2)));
  }
  return rows;
}

FactorParams params() {
  FactorParams result;
  result.toxicity.vpin_bucket = {.kind = VpinBucketRule::Kind::Base, .amount_e8 = 100 * Qty::kOne};
  return result;
}

/// Folds `rows` over and over, each pass `kMinutes` later, and closes a bar a minute.
template <class Tick>
void fold(benchmark::State& state, std::vector<Tick> rows) {
  MinuteFolder folder{params(), test::instrument(), test::kAll};
  std::int64_t minute = 1;
  for (auto _ : state) {
    Bar bar = test::flat_bar(minute);
    for (Tick& row : rows) {
      if (row.ts_event >= bar.ts_event) {
        benchmark::DoNotOptimize(folder.close(bar));
        bar = test::flat_bar(++minute);
      }
      folder.on(row);
      row.ts_event += kMinutes * kMinute;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}

void bm_fold_quotes(benchmark::State& state) {
  fold(state, quotes());
}
BENCHMARK(bm_fold_quotes);

/// Counting and VPIN buckets of 100.
void bm_fold_trades(benchmark::State& state) {
  fold(state, trades());
}
BENCHMARK(bm_fold_trades);

// ---- the peer: the same sums in plain loops over doubles, without late rows, days, gaps ----

/// Of a minute, or of its last ten seconds.
struct PlainMeans {
  double obi = 0.0, depth = 0.0, spread = 0.0, relative = 0.0, known = 0.0;
};
struct PlainQuotes {
  PlainMeans minute, tail;
  double ofi = 0.0, ofi_document = 0.0, largest_gap = 0.0;
  double bid_min = 1e18, bid_max = 0.0, ask_min = 1e18, ask_max = 0.0;
  std::int64_t count = 0;
};
struct PlainTrades {
  double volume = 0.0, signed_volume = 0.0, low = 1e18, high = 0.0;
  double bucket = 0.0, bucket_signed = 0.0, imbalance = 0.0;
  std::int64_t count = 0, buckets = 0;
};

void bm_plain_quotes(benchmark::State& state) {
  std::vector<Quote> rows = quotes();
  std::int64_t end = to_ns(test::flat_bar(1).ts_event);
  PlainQuotes sums;
  Quote last = rows.front();
  const auto weigh = [&](std::int64_t from, std::int64_t to) {
    if (to <= from) return;
    const auto bid = static_cast<double>(last.bid_qty.raw());
    const auto ask = static_cast<double>(last.ask_qty.raw());
    const auto low = static_cast<double>(last.bid.raw());
    const auto high = static_cast<double>(last.ask.raw());
    const double obi = (bid - ask) / (bid + ask);
    const double relative = 2.0 * (high - low) / (high + low);
    const auto add = [&](PlainMeans& means, double span) {
      means.obi += obi * span;
      means.depth += (bid + ask) * span;
      means.spread += (high - low) * span;
      means.relative += relative * span;
      means.known += span;
    };
    const auto span = static_cast<double>(to - from);
    add(sums.minute, span);
    const std::int64_t tail = to - std::max(from, end - 10'000'000'000);
    if (tail > 0) add(sums.tail, static_cast<double>(tail));
    sums.largest_gap = std::max(sums.largest_gap, span);
  };
  for (auto _ : state) {
    for (Quote& row : rows) {
      const std::int64_t now = to_ns(row.ts_event);
      if (now >= end) {
        weigh(to_ns(last.ts_event), end);
        benchmark::DoNotOptimize(sums);
        sums = {};
        weigh(end, now);
        end += kMinute.count();
      } else {
        weigh(to_ns(last.ts_event), now);
      }
      const auto bid_qty = static_cast<double>(row.bid_qty.raw());
      const auto ask_qty = static_cast<double>(row.ask_qty.raw());
      const auto bid_before = static_cast<double>(last.bid_qty.raw());
      const auto ask_before = static_cast<double>(last.ask_qty.raw());
      const double demand =
          (row.bid >= last.bid ? bid_qty : 0.0) - (row.bid <= last.bid ? bid_before : 0.0);
      const double supply =
          (row.ask <= last.ask ? ask_qty : 0.0) - (row.ask >= last.ask ? ask_before : 0.0);
      sums.ofi += demand - supply;
      sums.ofi_document += row.ask == last.ask ? demand - supply : demand + supply;
      const auto bid = static_cast<double>(row.bid.raw());
      const auto ask = static_cast<double>(row.ask.raw());
      sums.bid_min = std::min(sums.bid_min, bid);
      sums.bid_max = std::max(sums.bid_max, bid);
      sums.ask_min = std::min(sums.ask_min, ask);
      sums.ask_max = std::max(sums.ask_max, ask);
      ++sums.count;
      last = row;
      row.ts_event += kMinutes * kMinute;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}
BENCHMARK(bm_plain_quotes);

void bm_plain_trades(benchmark::State& state) {
  std::vector<Trade> rows = trades();
  Timestamp end = test::flat_bar(1).ts_event;
  constexpr double kBucket = 100.0 * static_cast<double>(Qty::kOne);
  PlainTrades sums;
  for (auto _ : state) {
    for (Trade& row : rows) {
      if (row.ts_event >= end) {
        benchmark::DoNotOptimize(sums);
        sums = {.bucket = sums.bucket, .bucket_signed = sums.bucket_signed};
        end += kMinute;
      }
      const auto qty = static_cast<double>(row.qty.raw());
      const double signed_qty = row.aggressor == Side::Buy ? qty : -qty;
      const auto price = static_cast<double>(row.price.raw());
      sums.volume += qty;
      sums.signed_volume += signed_qty;
      sums.low = std::min(sums.low, price);
      sums.high = std::max(sums.high, price);
      ++sums.count;
      sums.bucket += qty;
      sums.bucket_signed += signed_qty;
      if (sums.bucket >= kBucket) {
        sums.imbalance += std::abs(sums.bucket_signed) / kBucket;
        ++sums.buckets;
        sums.bucket = sums.bucket_signed = 0.0;
      }
      row.ts_event += kMinutes * kMinute;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows.size()));
}
BENCHMARK(bm_plain_trades);

/// A row of every factor, preset A, once its windows of seven days are full.
void bm_factor_row(benchmark::State& state) {
  constexpr std::int64_t kWeek = 10'080;
  FactorModel model{params(), test::kAll};
  test::Random random{3};
  std::int64_t minute = 1;
  MinuteRow row;
  row.day_has_quote = true;
  row.trade_count = 1;
  row.volume_e8 = 100 * Qty::kOne;
  row.v_star_e8 = 100 * Qty::kOne;
  const auto step = [&] {
    row.bar = test::flat_bar(minute++, 100);
    row.last_trade = row.bar.ts_event - kMillisecond;
    const std::int64_t close = 10'000 + random.below(100);
    row.bar.close = Price::from_raw(close * test::kTickE8);
    row.bar.high = Price::from_raw(10'100 * test::kTickE8);
    row.bar.low = row.bar.open = Price::from_raw(10'000 * test::kTickE8);
    row.signed_volume_e8 = (random.below(200) - 100) * Qty::kOne;
    row.ofi_cks = random.between(-50.0, 50.0);
    const double obi = random.between(-1.0, 1.0);
    row.minute = {.obi = obi * 60'000,
                  .depth = 5.0 * 60'000,
                  .spread_ticks = random.between(1.0, 2.0) * 60'000,
                  .spread_relative = 1e-6 * 60'000,
                  .known_ms = 60'000};
    row.last_10s = {.obi = obi * 10'000, .known_ms = 10'000};
    row.tick_buckets.assign(
        1, {.ts_event = row.bar.ts_event - Duration{1}, .imbalance = random.uniform()});
    benchmark::DoNotOptimize(model.update(row));
  };
  while (minute < 2 * kWeek) step();
  for (auto _ : state) step();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(bm_factor_row);

}  // namespace
