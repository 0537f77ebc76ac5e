#include "toxvol/study/stages.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"

namespace toxvol::study {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Inputs kInputs{
    .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};
constexpr Duration kWarmup = hours{6};
constexpr Timestamp kBegin = factors::test::kMidnight;
constexpr std::int64_t kMinutes = 20 * 60;

/// With small windows, and another bucket each time.
strategy::StrategyParams params(int bucket) {
  strategy::StrategyParams p;
  factors::FactorParams& f = p.factors;
  f.volatility.half_life_short = minutes{1};
  f.volatility.half_life_long = minutes{2};
  f.volatility.z_window = f.pressure.z_window = f.toxicity.z_window = hours{2};
  f.toxicity.tau_window = f.crowding.oi_z_window = f.crowding.ls_z_window = hours{2};
  f.volatility.z_min_count = f.pressure.z_min_count = f.toxicity.z_min_count = 2;
  f.crowding.z_min_count = f.crowding.funding_min_count = 2;
  f.thresholds.quantile_min_count = 2;
  f.toxicity.vpin_bucket = {.kind = factors::VpinBucketRule::Kind::Base,
                            .amount_e8 = bucket * Qty::kOne};
  f.toxicity.vpin_buckets = 5;
  return p;
}

/// A market that wanders: two trades, two quotes and a bar a minute, metrics every five, funding
/// every hour.
template <class Sink>
void feed(Timestamp from, Sink&& sink) {
  for (std::int64_t m = 0; m < kMinutes; ++m) {
    const auto wave =
        static_cast<std::int64_t>(std::lround(50.0 * std::sin(0.37 * static_cast<double>(m))));
    const std::int64_t price = 10'000 + wave;
    const std::int64_t ms = m * 60'000;
    const auto at = [](std::int64_t x) { return factors::test::at_ms(x); };
    const bool is_in = at(ms) >= from;
    if (!is_in) continue;
    if (m % 60 == 0) {
      sink.publish(Funding{.ts_event = at(ms), .ts_init = at(ms), .rate = Rate::from_raw(wave)});
    }
    if (m % 5 == 0) {
      Metrics metrics;
      metrics.ts_event = metrics.ts_init = at(ms);
      metrics.open_interest = 1'000.0 + static_cast<double>(wave);
      metrics.count_ls = 1.0 + 0.001 * static_cast<double>(wave);
      sink.publish(metrics);
    }
    for (const std::int64_t s : {10, 40}) {
      sink.tick(factors::test::trade(ms + s * 1'000, (m + s) % 3 == 0 ? Side::Buy : Side::Sell,
                                     1 + (m * 7 + s) % 5, price));
      sink.tick(factors::test::quote(ms + s * 1'000, price - 1, 1 + m % 4, price + 1 + m % 2, 2));
    }
    Bar bar = factors::test::flat_bar(m + 1, 5 + m % 3, 2);
    bar.close = bar.open = Price::from_raw(price * factors::test::kTickE8);
    bar.high = Price::from_raw((price + 3) * factors::test::kTickE8);
    bar.low = Price::from_raw((price - 2) * factors::test::kTickE8);
    sink.close(bar);
  }
}

/// Every number of a row, as text.
std::string text_of(const factors::FactorRow& row) {
  std::string text = to_string(row.ts);
  for (const factors::Column& column : factors::kColumns) {
    const auto& value = column(row);
    text += value ? ' ' + std::to_string(*value) : " -";
  }
  return text;
}

struct Alone {
  factors::MinuteFolder folder;
  factors::FactorModel model;
  std::vector<std::string> rows{};

  template <class Tick>
  void tick(const Tick& tick) {
    folder.on(tick);
  }
  template <class Record>
  void publish(const Record& record) {
    model.on(record);
  }
  void close(const Bar& bar) { rows.push_back(text_of(model.update(folder.close(bar)))); }
};

struct Staged {
  Stages& stages;
  std::vector<std::string> rows{};
  std::vector<Timestamp> changes{};

  template <class Tick>
  void tick(const Tick& tick) {
    stages.on(tick);
  }
  template <class Record>
  void publish(const Record& record) {
    stages.on(record);
  }
  void close(const Bar& bar) {
    stages.close(bar);
    rows.push_back(text_of(stages.update()));
    if (stages.change() != nullptr) changes.push_back(bar.ts_event);
  }
};

TEST(Stages, SpeakAsARunThatBeginsWithEachOfThemWould) {
  const std::vector<Stage> stages{{.from = kBegin + kWarmup, .params = params(10)},
                                  {.from = kBegin + kWarmup + hours{4}, .params = params(25)},
                                  {.from = kBegin + kWarmup + hours{8}, .params = params(10)}};
  Stages models{stages, factors::test::instrument(), kInputs, kWarmup};
  Staged staged{models};
  feed(kBegin, staged);
  ASSERT_EQ(staged.changes,
            (std::vector<Timestamp>{stages[1].from + kMinute, stages[2].from + kMinute}));
  for (std::size_t k = 0; k < stages.size(); ++k) {
    const Timestamp begin = stages[k].from - kWarmup;
    Alone alone{{stages[k].params.factors, factors::test::instrument(), kInputs},
                {stages[k].params.factors, kInputs}};
    feed(begin, alone);
    const auto first = static_cast<std::size_t>((stages[k].from - kBegin) / kMinute);
    const auto skipped = static_cast<std::size_t>((begin - kBegin) / kMinute);
    const std::size_t last = k + 1 < stages.size()
                                 ? static_cast<std::size_t>((stages[k + 1].from - kBegin) / kMinute)
                                 : staged.rows.size();
    for (std::size_t row = first; row < last; ++row) {
      ASSERT_EQ(staged.rows[row], alone.rows[row - skipped]) << "stage " << k;
    }
  }
}

/// Compares with a model of its own that begins an hour after the first.
struct Watch {
  Staged& staged;
  Alone alone;
  std::optional<Regime> before{};
  int seen = 0;
  template <class Tick>
  void tick(const Tick& tick) {
    staged.tick(tick);
    if (tick.ts_event >= kBegin + hours{1}) alone.folder.on(tick);
  }
  template <class Record>
  void publish(const Record& record) {
    staged.publish(record);
    if (record.ts_event >= kBegin + hours{1}) alone.model.on(record);
  }
  void close(const Bar& bar) {
    staged.close(bar);
    if (const auto* change = staged.stages.change()) {
      ++seen;
      EXPECT_EQ(change->regime, before);
      EXPECT_EQ(change->params.factors.toxicity.vpin_bucket.amount_e8, 25 * Qty::kOne);
    }
    if (bar.ts_event <= kBegin + hours{1}) return;
    before = alone.model.update(alone.folder.close(bar)).crowding.regime;
  }
};

TEST(Stages, TellTheNewModelsRegimeOfTheRowBefore) {
  Stages models{
      {{.from = kBegin, .params = params(10)}, {.from = kBegin + hours{7}, .params = params(25)}},
      factors::test::instrument(),
      kInputs,
      kWarmup};
  Staged staged{models};
  Watch watch{
      staged,
      {{params(25).factors, factors::test::instrument(), kInputs}, {params(25).factors, kInputs}}};
  feed(kBegin, watch);
  EXPECT_EQ(watch.seen, 1);
}

}  // namespace
}  // namespace toxvol::study
