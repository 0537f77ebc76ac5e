// What can be earned: nothing without a plant, the planted edge with one. All from what the files
// hold (klines, quotes, trades, ratios), never from the model's own state.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"
#include "toxvol/synth/slow.hpp"
#include "toxvol/synth/ticks.hpp"

namespace toxvol::synth {
namespace {

constexpr std::size_t kAhead = 15;  // minutes

/// Order-flow imbalance of the touch (Cont, Kukanov & Stoikov), summed.
struct FlowOfTheBook {
  QuoteRow last;
  double sum = 0.0;
  void on(const QuoteRow& row) {
    if (last.time_ms != 0) {
      if (row.bid >= last.bid) sum += static_cast<double>(row.bid_lots);
      if (row.bid <= last.bid) sum -= static_cast<double>(last.bid_lots);
      if (row.ask <= last.ask) sum -= static_cast<double>(row.ask_lots);
      if (row.ask >= last.ask) sum += static_cast<double>(last.ask_lots);
    }
    last = row;
  }
  void on(const TradeRow& /*row*/) {}
};

/// What a reader of the files sees, minute by minute.
struct Observed {
  std::vector<double> log_close;
  std::vector<double> flow;   // taker-buy share, −1 … 1
  std::vector<double> book;   // order-flow imbalance; empty without ticks
  std::vector<double> vc;     // ½ ln of Garman–Klass variance, 30 minutes over 6 hours
  std::vector<double> ratio;  // ln long/short ratio, of the last metrics stamp
};

void observe(Observed& seen, const KlineRow& row, double& short_variance, double& long_variance) {
  const auto ratio = [](std::int64_t a, std::int64_t b) {
    return std::log(static_cast<double>(a) / static_cast<double>(b));
  };
  const double range = ratio(row.high, row.low);
  const double body = ratio(row.close, row.open);
  const double variance = 0.5 * range * range - 0.3863 * body * body;
  if (seen.vc.empty()) short_variance = long_variance = 1e-7;
  short_variance += (1.0 - std::exp2(-1.0 / 30.0)) * (variance - short_variance);
  long_variance += (1.0 - std::exp2(-1.0 / 360.0)) * (variance - long_variance);
  seen.vc.push_back(0.5 * std::log(short_variance / long_variance));
  seen.log_close.push_back(std::log(static_cast<double>(row.close)));
  seen.flow.push_back(static_cast<double>(2 * row.buy_lots - row.lots) /
                      static_cast<double>(row.lots));
}

Observed watch(Plant plant, std::uint64_t seed, int days, bool with_ticks) {
  Params params = test::small("x");
  params.intensity = 0.01;
  params.plant = plant;
  params.edge_bp = 20.0;
  params = completed(params);
  const Contract contract = contract_of(params.start_price);
  Rng rng{splitmix64(seed)};
  Latent latent{params};
  CoarseMarket coarse{params, contract};
  TickMarket market{params, contract};
  Positioning positioning{params, contract};
  market.start(0.0, 0, rng);
  FlowOfTheBook book;
  Observed seen;
  double short_variance = 0.0;
  double long_variance = 0.0;
  double ratio = 0.0;
  for (std::int64_t minute = 1; minute <= std::int64_t{days} * 1440; ++minute) {
    const Minute now = latent.step(minute * 60'000, rng);
    book.sum = 0.0;
    const KlineRow row = with_ticks ? market.minute(minute * 60'000, now, rng, book)
                                    : coarse.minute(minute * 60'000, now, rng);
    observe(seen, row, short_variance, long_variance);
    if (with_ticks) seen.book.push_back(book.sum);
    if (const auto due = positioning.close_minute(row, now, rng)) ratio = std::log(due->count_ls);
    seen.ratio.push_back(ratio);
  }
  return seen;
}

double quantile(std::vector<double> values, double p) {
  const auto k = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return values[static_cast<std::size_t>(k)];
}

std::vector<double> sizes(const std::vector<double>& values) {
  std::vector<double> result;
  result.reserve(values.size());
  for (const double value : values) result.push_back(std::abs(value));
  return result;
}

/// Outcomes of following a signal for fifteen minutes, none overlapping another.
struct Outcomes {
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;

  void add(double bp) {
    sum += bp;
    squares += bp * bp;
    ++count;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double t() const {
    return mean() / std::sqrt((squares / count - mean() * mean()) / count);
  }
};

/// Follows `direction(i)` (0: not at all), looking again once fifteen minutes are over.
template <class Direction>
void follow(const Observed& seen, Outcomes& outcomes, Direction direction) {
  for (std::size_t i = 1440; i + kAhead < seen.log_close.size();) {
    const double side = direction(i);
    if (side == 0.0) {
      ++i;
      continue;
    }
    outcomes.add(side * (seen.log_close[i + kAhead] - seen.log_close[i]) * 1e4);
    i += kAhead;
  }
}

double side_of(double value, double least) {
  if (std::abs(value) < least) return 0.0;
  return value > 0.0 ? 1.0 : -1.0;
}

/// Of the klines alone the taker flow; with ticks, flow and book in equal parts.
std::vector<double> pressure_in(const Observed& seen) {
  if (seen.book.empty()) return seen.flow;
  const double flow = quantile(sizes(seen.flow), 0.8);
  const double book = quantile(sizes(seen.book), 0.8);
  std::vector<double> signal;
  signal.reserve(seen.book.size());
  for (std::size_t i = 0; i < seen.book.size(); ++i) {
    signal.push_back(seen.flow[i] / flow + seen.book[i] / book);
  }
  return signal;
}

/// Strong pressure after compressed volatility, by quantiles of the whole: an upper bound of what a
/// strategy without foresight can see.
Outcomes follow_compressed(Plant plant, bool with_ticks, int seeds, int days) {
  Outcomes outcomes;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Observed seen = watch(plant, static_cast<std::uint64_t>(seed), days, with_ticks);
    const std::vector<double> signal = pressure_in(seen);
    const double compressed = quantile(seen.vc, 0.2);
    const double strong = quantile(sizes(signal), 0.8);
    follow(seen, outcomes, [&](std::size_t i) {
      return seen.vc[i] <= compressed ? side_of(signal[i], strong) : 0.0;
    });
  }
  return outcomes;
}

/// Flow against the crowd where the long/short ratio is extreme.
Outcomes fade_the_crowd(Plant plant, int seeds, int days) {
  Outcomes outcomes;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Observed seen = watch(plant, static_cast<std::uint64_t>(seed), days, false);
    const double low = quantile(seen.ratio, 0.15);
    const double high = quantile(seen.ratio, 0.85);
    follow(seen, outcomes, [&](std::size_t i) {
      const double crowd = seen.ratio[i] > high ? 1.0 : seen.ratio[i] < low ? -1.0 : 0.0;
      return crowd * seen.flow[i] < 0.0 ? -crowd : 0.0;
    });
  }
  return outcomes;
}

TEST(SynthEdge, WithoutAPlantFlowAfterCompressionEarnsNothing) {
  const Outcomes klines = follow_compressed(Plant::None, false, 2, 30);
  EXPECT_GT(klines.count, 350);
  EXPECT_LT(std::abs(klines.t()), 3.0) << klines.mean() << " bp";
  const Outcomes ticks = follow_compressed(Plant::None, true, 1, 10);
  EXPECT_GT(ticks.count, 40);
  EXPECT_LT(std::abs(ticks.t()), 3.0) << ticks.mean() << " bp";
}

TEST(SynthEdge, WithoutAPlantFadingTheCrowdEarnsNothing) {
  const Outcomes outcomes = fade_the_crowd(Plant::None, 2, 30);
  EXPECT_GT(outcomes.count, 350);
  EXPECT_LT(std::abs(outcomes.t()), 3.0) << outcomes.mean() << " bp";
}

TEST(SynthEdge, PlantedMomentumShowsInTheKlines) {
  const Outcomes outcomes = follow_compressed(Plant::Momentum, false, 2, 30);
  EXPECT_GT(outcomes.t(), 4.0);
  // 20 bp are planted for pressure that the flow shows only in part.
  EXPECT_GT(outcomes.mean(), 4.0);
  EXPECT_LT(outcomes.mean(), 20.0);
}

TEST(SynthEdge, PlantedMomentumShowsInTheTicks) {
  const Outcomes ticks = follow_compressed(Plant::Momentum, true, 2, 10);
  EXPECT_GT(ticks.t(), 3.0) << ticks.mean() << " bp, " << ticks.count;
  EXPECT_GT(ticks.mean(), 2.0);
}

TEST(SynthEdge, PlantedCrowdingRevertsWhenFlowTurnsAgainstTheCrowd) {
  const Outcomes outcomes = fade_the_crowd(Plant::Crowding, 3, 30);
  EXPECT_GT(outcomes.t(), 3.0);
  EXPECT_GT(outcomes.mean(), 2.0);
  EXPECT_LT(outcomes.mean(), 20.0);
}

}  // namespace
}  // namespace toxvol::synth
