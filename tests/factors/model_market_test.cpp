// The factor model over whole markets: four made-up days, and the recorded window.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/factors/real_data.hpp"
#include "tests/factors/short_params.hpp"
#include "tests/factors/support.hpp"
#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

using std::chrono::minutes;
using test::flat_bar;
using test::kAll;
using test::short_params;

/// Every value of a row that is a number.
std::vector<Value> columns(const FactorRow& row) {
  std::vector<Value> values = {row.thresholds.q_p_b};
  for (const Column& column : kColumns) values.push_back(column(row));
  return values;
}

/// Four days of made-up market with every disorder that the files have.
struct Market {
  std::vector<Trade> trades;
  std::vector<Quote> quotes;
  std::vector<Bar> bars;
  std::vector<Metrics> metrics;
  std::vector<Funding> funding;
};

Market random_market(std::uint64_t seed) {
  test::Random random{seed};
  Market market;
  constexpr std::int64_t kMinutes = 4 * 1440;
  std::int64_t bid = 10'000;
  for (std::int64_t minute = 0; minute < kMinutes; ++minute) {
    const std::int64_t start = minute * 60'000;
    const bool is_quiet = random.below(10) == 0;
    const std::int64_t open = bid;
    std::int64_t high = bid;
    std::int64_t low = bid;
    Bar bar = flat_bar(minute + 1, 0);
    const bool is_dead = minute % 1440 > 600 && minute % 1440 < 700;  // nothing but flat bars
    for (std::int64_t i = 0; i < 6 && !is_quiet && !is_dead; ++i) {
      const std::int64_t ms = start + i * 10'000 + random.below(10'000);
      bid = std::max<std::int64_t>(bid + random.below(5) - 2, 100);
      high = std::max(high, bid);
      low = std::min(low, bid);
      market.quotes.push_back(test::quote(ms, bid, 1 + random.below(30), bid + 1 + random.below(4),
                                          1 + random.below(30)));
      const Side side = random.below(2) == 0 ? Side::Buy : Side::Sell;
      market.trades.push_back(test::trade(ms, side, 1 + random.below(40), bid));
      bar.volume += market.trades.back().qty;
      if (side == Side::Buy) bar.taker_buy_volume += market.trades.back().qty;
    }
    const auto price = [](std::int64_t ticks) { return Price::from_raw(ticks * test::kTickE8); };
    bar.open = price(open);
    bar.high = price(high);
    bar.low = price(low);
    bar.close = price(bid);
    if (random.below(200) != 0) market.bars.push_back(bar);
    if (minute % 5 == 0) {
      Metrics m;
      m.ts_event = test::at_ms(start);
      m.ts_init = m.ts_event + Duration{900'000};
      if (random.below(20) != 0)
        m.open_interest = random.below(10) == 0 ? 0.0 : 1e5 + static_cast<double>(minute);
      m.count_ls = random.between(0.0, 3.0);
      m.taker_ls = random.between(0.5, 2.0);
      market.metrics.push_back(m);
    }
    if (minute % 480 == 0) {
      Funding f;
      f.ts_event = test::at_ms(start + random.below(40));
      f.ts_init = f.ts_event + Duration{950'000};
      f.rate = Rate::from_raw(random.below(60'000) - 20'000);
      market.funding.push_back(f);
    }
  }
  return market;
}

/// All of one kind that came before `now`, from `next` on.
template <class Record, class Use>
void deliver(const std::vector<Record>& records, std::size_t& next, Timestamp now, Use use) {
  while (next < records.size() && records[next].ts_init < now) use(records[next++]);
}

std::vector<FactorRow> run(const Market& market, const FactorParams& params, Inputs inputs) {
  MinuteFolder folder{params, test::instrument(), inputs};
  FactorModel model{params, inputs};
  std::vector<FactorRow> rows;
  std::size_t trade = 0;
  std::size_t quote = 0;
  std::size_t metric = 0;
  std::size_t settlement = 0;
  for (const Bar& bar : market.bars) {
    // Kinds are independent of one another: whichever order they come in, the row is the same.
    deliver(market.quotes, quote, bar.ts_init, [&](const Quote& q) { folder.on(q); });
    deliver(market.trades, trade, bar.ts_init, [&](const Trade& t) { folder.on(t); });
    deliver(market.metrics, metric, bar.ts_init, [&](const Metrics& m) { model.on(m); });
    deliver(market.funding, settlement, bar.ts_init, [&](const Funding& f) { model.on(f); });
    rows.push_back(model.update(folder.close(bar)));
  }
  return rows;
}

constexpr Inputs kModes[] = {
    kAll,
    {.trades = true, .bars = true, .metrics = true, .funding = true},
    {.trades = true, .quotes = true, .bars = true, .funding = true},
    {.trades = true, .quotes = true, .bars = true, .metrics = true},
    {.bars = true},
};

FactorParams eventful_params() {
  FactorParams p = short_params();
  p.cadence = minutes{5};
  p.pressure.svi_window = p.pressure.ofi_window = minutes{5};
  p.toxicity.vpin_bucket.kind = VpinBucketRule::Kind::Median1m;
  p.volatility.half_life_short = minutes{5};
  p.volatility.half_life_long = minutes{20};
  return p;
}

TEST(FactorModel, HasNoNanAndNoInfinityInAnyMode) {
  for (const Inputs inputs : kModes) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      std::vector<int> filled(columns({}).size(), 0);
      for (const FactorRow& row : run(random_market(seed), eventful_params(), inputs)) {
        const auto values = columns(row);
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (!values[i]) continue;
          ASSERT_TRUE(std::isfinite(*values[i])) << "column " << i;
          ++filled[i];
        }
        EXPECT_LE(std::abs(row.pressure.svi.value_or(0.0)), 1.0);
        EXPECT_LE(std::abs(row.pressure.obi.value_or(0.0)), 1.0);
        EXPECT_LE(row.toxicity.vpin.value_or(0.0), 1.0);
        EXPECT_GE(row.thresholds.t_rank.value_or(0.0), 0.0);
        EXPECT_LE(row.thresholds.t_rank.value_or(0.0), 1.0);
      }
      if (inputs == kAll) {
        // All but har_log, which needs months, have had a value.
        for (std::size_t i = 0; i < filled.size(); ++i) EXPECT_TRUE(filled[i] > 0 || i == 15) << i;
      }
    }
  }
}

TEST(FactorModel, LeavesNullWhatAModeLacks) {
  const Market market = random_market(5);
  for (const FactorRow& row : run(market, eventful_params(), kModes[1])) {
    EXPECT_FALSE(row.pressure.obi || row.pressure.quotes.ofi || row.pressure.quotes.ofi_norm ||
                 row.pressure.quotes.spread_ticks || row.toxicity.z_spread || row.bid);
    EXPECT_EQ(row.pressure.p, row.pressure.z_svi);
    EXPECT_EQ(row.toxicity.t, row.toxicity.z_vpin);
  }
  for (const FactorRow& row : run(market, eventful_params(), kModes[2])) {
    EXPECT_FALSE(row.crowding.oi || row.crowding.ls || row.crowding.z_d_oi);
    EXPECT_EQ(row.crowding.c, row.crowding.fund_z);
  }
  for (const FactorRow& row : run(market, eventful_params(), kModes[3])) {
    EXPECT_FALSE(row.crowding.c || row.crowding.funding);
    EXPECT_TRUE(row.crowding.is_known);
  }
  bool has_toxicity = false;
  for (const FactorRow& row : run(market, eventful_params(), kModes[4])) {
    EXPECT_FALSE(row.toxicity.vpin);
    has_toxicity = has_toxicity || row.gated.toxic.has_value();
  }
  EXPECT_TRUE(has_toxicity);
}

// Models that share parts say what they say alone, whichever of them is asked first.
TEST(FactorModel, SharesPartsThatAreTheSame) {
  const Market market = random_market(9);
  const FactorParams base = eventful_params();
  FactorParams toxicity = base;  // shares both
  toxicity.toxicity.weights = {1, 0};
  FactorParams pressure = base;  // shares volatility
  pressure.pressure.weights = {1, 0, 0};
  FactorParams volatility = base;  // shares pressure
  volatility.volatility.estimator = VolatilityEstimator::Rs;
  FactorParams quantiles = base;  // shares both, but not what is over them
  quantiles.quantiles.compression = 0.5;

  const std::array all = {base, toxicity, pressure, volatility, quantiles};
  std::vector<FactorModel> models;
  std::vector<MinuteFolder> folders;
  for (const FactorParams& params : all) {
    FactorParts parts;
    for (std::size_t i = 0; i < models.size(); ++i) {
      parts.add_same(params, all[i], models[i].parts());
    }
    models.emplace_back(params, kAll, parts);
    folders.emplace_back(params, test::instrument(), kAll);
  }
  const auto is_shared = [&](std::size_t i, auto part) {
    return models[i].parts().*part == models[0].parts().*part;
  };
  using Parts = FactorParts;
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_EQ(is_shared(i, &Parts::volatility), i != 3) << i;
    EXPECT_EQ(is_shared(i, &Parts::compression), i != 3 && i != 4) << i;
    EXPECT_EQ(is_shared(i, &Parts::pressure), i != 2) << i;
    EXPECT_EQ(is_shared(i, &Parts::strength), i != 2 && i != 4) << i;
  }
  FactorParams other = base;
  other.z.clip = 3;
  Parts none;
  none.add_same(other, base, models[0].parts());
  EXPECT_EQ(none.volatility, nullptr);
  EXPECT_EQ(none.pressure, nullptr);
  other = base;
  other.limits.quote = std::chrono::seconds{5};
  Parts half;
  half.add_same(other, base, models[0].parts());
  EXPECT_NE(half.volatility, nullptr);
  EXPECT_EQ(half.pressure, nullptr);

  std::array<std::vector<FactorRow>, all.size()> alone;
  for (std::size_t i = 0; i < all.size(); ++i) alone[i] = run(market, all[i], kAll);

  std::size_t trade = 0;
  std::size_t quote = 0;
  std::size_t metric = 0;
  std::size_t settlement = 0;
  for (std::size_t minute = 0; minute < market.bars.size(); ++minute) {
    const Bar& bar = market.bars[minute];
    deliver(market.quotes, quote, bar.ts_init, [&](const Quote& q) {
      for (MinuteFolder& folder : folders) folder.on(q);
    });
    deliver(market.trades, trade, bar.ts_init, [&](const Trade& t) {
      for (MinuteFolder& folder : folders) folder.on(t);
    });
    deliver(market.metrics, metric, bar.ts_init, [&](const Metrics& m) {
      for (FactorModel& model : models) model.on(m);
    });
    deliver(market.funding, settlement, bar.ts_init, [&](const Funding& f) {
      for (FactorModel& model : models) model.on(f);
    });
    for (std::size_t k = 0; k < models.size(); ++k) {
      const std::size_t i = (minute + k) % models.size();
      const FactorRow& row = models[i].update(folders[i].close(bar));
      ASSERT_EQ(columns(row), columns(alone[i][minute])) << "model " << i << ", row " << minute;
    }
  }
}

// Nothing from the future: rows do not change when the data after them do.
TEST(FactorModel, DoesNotSeeTheFuture) {
  Market market = random_market(8);
  const auto whole = run(market, eventful_params(), kAll);
  const std::size_t kept = 3000;
  const Timestamp cut = market.bars[kept].ts_init;
  market.bars.resize(kept + 1);
  const auto is_later = [cut](const auto& record) { return record.ts_init > cut; };
  std::erase_if(market.quotes, is_later);
  std::erase_if(market.trades, is_later);
  std::erase_if(market.metrics, is_later);
  std::erase_if(market.funding, is_later);
  const auto truncated = run(market, eventful_params(), kAll);
  for (std::size_t i = 0; i < truncated.size(); ++i) {
    ASSERT_EQ(columns(truncated[i]), columns(whole[i])) << i;
    ASSERT_EQ(truncated[i].crowding.regime, whole[i].crowding.regime);
  }
}

// The recorded window with a funding settlement inside: 2023-04-04 23:58:20 to 00:06:54.
TEST(FactorModel, RunsTheRecordedWindowWithShortWindows) {
  Market market;
  for (const char* day : {"2023-04-04", "2023-04-05"}) {
    for (const Trade& t : test::recorded_trades(day)) market.trades.push_back(t);
    for (const Quote& q : test::recorded_quotes(day)) market.quotes.push_back(q);
    for (const Bar& b : test::recorded_bars(day)) market.bars.push_back(b);
  }
  market.funding = test::recorded_funding("2023-03");
  for (const Funding& f : test::recorded_funding("2023-04")) market.funding.push_back(f);
  if (market.bars.empty() || market.funding.empty()) GTEST_SKIP() << "no recorded data";
  Inputs inputs = kAll;
  inputs.metrics = false;
  const auto rows = run(market, short_params(), inputs);
  ASSERT_EQ(rows.size(), 7U);
  for (const FactorRow& row : rows) {
    EXPECT_EQ(row.mode, "no_metrics");
    EXPECT_TRUE(row.pressure.obi && row.pressure.svi && row.pressure.quotes.ofi_norm &&
                row.pressure.quotes.spread_ticks);
    EXPECT_NEAR(row.pressure.quotes.spread_ticks.value(), 1.0, 0.2);
    EXPECT_LT(row.quote_age_s.value(), 1.0);
  }
  // The settlement of 00:00 counts from the bar of 00:02 on: its stamp is 60 s and a bit earlier.
  EXPECT_NE(rows[1].crowding.funding, rows[2].crowding.funding);
}

}  // namespace
}  // namespace toxvol::factors
