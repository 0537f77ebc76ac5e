// The statistics of the two recorded windows (docs/synth.md#calibration) against a quarter of an
// hour of synthetic ticks at intensity 1. Two windows of six minutes are little, so the bands are
// wide: the order of magnitude, not the digit.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"
#include "toxvol/synth/ticks.hpp"

namespace toxvol::synth {
namespace {

constexpr int kMinutes = 15;

struct Recorder {
  std::vector<QuoteRow> quotes;
  std::vector<TradeRow> trades;
  void on(const QuoteRow& row) { quotes.push_back(row); }
  void on(const TradeRow& row) { trades.push_back(row); }
};

template <class T>
double quantile(std::vector<T> values, double p) {
  const auto k = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + k, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(k)]);
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double ma = mean(a);
  const double mb = mean(b);
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

/// Three windows of five minutes at the mean of everything but the fast seconds' chance.
class SynthCalibration : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    Params params = test::small("x");
    params.intensity = 1.0;
    params = completed(params);
    Rng rng{2024};
    TickMarket market{params, contract_of(params.start_price)};
    market.start(0.0, 0, rng);
    const Minute ordinary{.sigma = 6.2e-4, .activity = 1.0};
    for (int minute = 0; minute < kMinutes; ++minute) {
      market.minute(minute * 60'000LL + 60'000, ordinary, rng, ticks_);
    }
  }
  static void TearDownTestSuite() { ticks_ = {}; }
  static Recorder ticks_;
};

Recorder SynthCalibration::ticks_;

TEST_F(SynthCalibration, RowsComeAtTheRealRateAndInBursts) {
  constexpr double kSeconds = kMinutes * 60.0;
  const double quotes_per_s = static_cast<double>(ticks_.quotes.size()) / kSeconds;
  EXPECT_GT(quotes_per_s, 90.0);  // 90 and 192
  EXPECT_LT(quotes_per_s, 260.0);
  const double trades_per_s = static_cast<double>(ticks_.trades.size()) / kSeconds;
  EXPECT_GT(trades_per_s, 8.0);  // 8 and 24
  EXPECT_LT(trades_per_s, 24.0);

  std::vector<std::int64_t> gaps;
  double same = 0.0;
  for (std::size_t i = 1; i < ticks_.quotes.size(); ++i) {
    const std::int64_t gap = ticks_.quotes[i].time_ms - ticks_.quotes[i - 1].time_ms;
    if (gap == 0) {
      ++same;
    } else {
      gaps.push_back(gap);
    }
  }
  const double share = same / static_cast<double>(ticks_.quotes.size() - 1);
  EXPECT_GT(share, 0.30);  // 0.338 and 0.482
  EXPECT_LT(share, 0.52);
  EXPECT_LE(quantile(gaps, 0.25), 2.0);  // 2 and 1
  EXPECT_LE(quantile(gaps, 0.5), 6.0);   // 6 and 2
  EXPECT_GE(quantile(gaps, 0.9), 15.0);  // 46 and 29
  EXPECT_LE(quantile(gaps, 0.9), 60.0);
  EXPECT_LE(quantile(gaps, 0.99), 250.0);  // 151 and 99

  std::vector<double> per_second(kMinutes * 60);
  for (const QuoteRow& row : ticks_.quotes) {
    ++per_second[static_cast<std::size_t>(row.time_ms / 1000 - 60)];
  }
  // sd over mean: 0.96 and 0.73; clumps beyond a second: ac1 0.26 and 0.27.
  const double level = mean(per_second);
  double squares = 0.0;
  for (const double count : per_second) squares += (count - level) * (count - level);
  const double relative = std::sqrt(squares / static_cast<double>(per_second.size())) / level;
  EXPECT_GT(relative, 0.5);
  EXPECT_LT(relative, 1.6);
  const std::vector<double> earlier(per_second.begin(), per_second.end() - 1);
  const std::vector<double> later(per_second.begin() + 1, per_second.end());
  EXPECT_GT(correlation(earlier, later), 0.15);
  EXPECT_LT(correlation(earlier, later), 0.75);
}

TEST_F(SynthCalibration, TheSpreadIsOneTickNearlyAlways) {
  double rows = 0.0;
  double time = 0.0;
  double wide_time = 0.0;
  double moves = 0.0;
  std::vector<std::int64_t> jumps;
  for (std::size_t i = 1; i < ticks_.quotes.size(); ++i) {
    const QuoteRow& before = ticks_.quotes[i - 1];
    const QuoteRow& row = ticks_.quotes[i];
    rows += row.ask - row.bid == 1 ? 1.0 : 0.0;
    const auto held = static_cast<double>(row.time_ms - before.time_ms);
    time += held;
    wide_time += before.ask - before.bid > 1 ? held : 0.0;
    if (row.bid == before.bid) continue;
    ++moves;
    jumps.push_back(std::abs(row.bid - before.bid));
  }
  const auto all = static_cast<double>(ticks_.quotes.size());
  EXPECT_GT(rows / all, 0.93);  // 0.992 and 0.942
  EXPECT_LT(rows / all, 0.995);
  EXPECT_LT(wide_time / time, 0.02);  // 0.001 and 0.009
  EXPECT_GT(moves / all, 0.006);      // 0.0097 and 0.0201
  EXPECT_LT(moves / all, 0.03);
  EXPECT_LE(quantile(jumps, 0.5), 16.0);  // 1 and 8
  EXPECT_GE(quantile(jumps, 0.9), 8.0);   // 12 and 32
  EXPECT_LE(quantile(jumps, 0.9), 64.0);
}

TEST_F(SynthCalibration, QueuesAndTheirChangesHaveTheRealSizes) {
  std::vector<std::int64_t> queues;
  std::vector<std::int64_t> changes;
  double up = 0.0;
  for (std::size_t i = 1; i < ticks_.quotes.size(); ++i) {
    queues.push_back(ticks_.quotes[i].bid_lots);
    if (ticks_.quotes[i].bid != ticks_.quotes[i - 1].bid) continue;
    const std::int64_t change = ticks_.quotes[i].bid_lots - ticks_.quotes[i - 1].bid_lots;
    if (change == 0) continue;
    changes.push_back(std::abs(change));
    up += change > 0 ? 1.0 : 0.0;
  }
  EXPECT_GT(quantile(queues, 0.5), 1500.0);  // lots of 0.001: 4.158 and 2.677
  EXPECT_LT(quantile(queues, 0.5), 7000.0);
  EXPECT_LT(quantile(queues, 0.1), 1500.0);    // 0.185 and 0.081
  EXPECT_GT(quantile(queues, 0.99), 12000.0);  // 30.7 and 18.5
  EXPECT_LE(quantile(changes, 0.1), 5.0);      // 0.001 and 0.002
  EXPECT_GE(quantile(changes, 0.5), 20.0);     // 0.036 and 0.097
  EXPECT_LE(quantile(changes, 0.5), 120.0);
  EXPECT_GE(quantile(changes, 0.99), 1200.0);                 // 2.6 and 1.7
  EXPECT_GT(up / static_cast<double>(changes.size()), 0.49);  // 0.586 and 0.560
  EXPECT_LT(up / static_cast<double>(changes.size()), 0.62);
}

TEST_F(SynthCalibration, TradesHaveTheRealSizesFillsAndSweeps) {
  std::vector<std::int64_t> lots;
  std::vector<std::int64_t> fills;
  double units = 0.0;
  std::map<std::pair<std::int64_t, int>, std::pair<std::int64_t, std::int64_t>> bursts;
  double levels = 0.0;
  for (const TradeRow& row : ticks_.trades) {
    lots.push_back(row.lots);
    fills.push_back(row.last_id - row.first_id + 1);
    units += static_cast<double>(row.lots) / 1000.0;
    const auto [at, fresh] =
        bursts.try_emplace({row.time_ms, sign(row.aggressor)}, std::pair{row.price, row.price});
    if (fresh) continue;
    at->second.first = std::min(at->second.first, row.price);
    at->second.second = std::max(at->second.second, row.price);
  }
  for (const auto& [at, range] : bursts) levels += range.first != range.second ? 1.0 : 0.0;
  EXPECT_GT(units / static_cast<double>(lots.size()), 0.15);  // 0.2985 and 0.2916
  EXPECT_LT(units / static_cast<double>(lots.size()), 0.60);
  EXPECT_LE(quantile(lots, 0.1), 4.0);   // 0.002
  EXPECT_GE(quantile(lots, 0.5), 15.0);  // 0.034 and 0.036
  EXPECT_LE(quantile(lots, 0.5), 90.0);
  EXPECT_GE(quantile(lots, 0.99), 1900.0);  // 3.97 and 3.84
  EXPECT_LE(quantile(lots, 0.99), 8000.0);
  EXPECT_EQ(quantile(fills, 0.5), 1.0);    // 1
  EXPECT_GE(quantile(fills, 0.99), 10.0);  // 31 and 20
  const double several = levels / static_cast<double>(bursts.size());
  EXPECT_GT(several, 0.03);  // 0.081 and 0.158
  EXPECT_LT(several, 0.20);
}

TEST_F(SynthCalibration, TheLagOfEventTimeHasTheRealQuantiles) {
  std::vector<std::int64_t> lags;
  double zero = 0.0;
  for (const QuoteRow& row : ticks_.quotes) {
    lags.push_back(row.sent_ms - row.time_ms);
    zero += row.sent_ms == row.time_ms ? 1.0 : 0.0;
  }
  // .5 .9 .95 .99 of the 2024 window: 0 2 5 27; zero for 57.7 % of rows.
  EXPECT_NEAR(zero / static_cast<double>(lags.size()), 0.55, 0.10);
  EXPECT_LE(quantile(lags, 0.5), 0.0);
  EXPECT_GE(quantile(lags, 0.9), 1.0);
  EXPECT_LE(quantile(lags, 0.9), 6.0);
  EXPECT_GE(quantile(lags, 0.99), 9.0);
  EXPECT_LE(quantile(lags, 0.99), 80.0);
}

TEST_F(SynthCalibration, FlowMovesThePriceOfItsSecondAndSignsPersist) {
  constexpr std::size_t kSeconds = kMinutes * 60;
  std::vector<double> flow(kSeconds);
  std::vector<double> mid(kSeconds);
  for (const TradeRow& row : ticks_.trades) {
    flow[static_cast<std::size_t>(row.time_ms / 1000 - 60)] +=
        static_cast<double>(sign(row.aggressor) * row.lots);
  }
  for (const QuoteRow& row : ticks_.quotes) {
    mid[static_cast<std::size_t>(row.time_ms / 1000 - 60)] = static_cast<double>(row.bid + row.ask);
  }
  std::vector<double> returns(kSeconds);
  double squares = 0.0;
  double fourth = 0.0;
  for (std::size_t i = 1; i < kSeconds; ++i) {
    if (mid[i] == 0.0) mid[i] = mid[i - 1];
    returns[i] = std::log(mid[i] / mid[i - 1]);
    squares += returns[i] * returns[i];
    fourth += returns[i] * returns[i] * returns[i] * returns[i];
  }
  const auto n = static_cast<double>(kSeconds - 1);
  EXPECT_GT(std::sqrt(squares / n) * 1e4, 0.5);  // bp: 0.365 and 1.216, of 6.2 a minute 0.80
  EXPECT_LT(std::sqrt(squares / n) * 1e4, 1.2);
  EXPECT_GT(fourth / n / (squares / n * squares / n), 6.0);  // 15 and 22
  EXPECT_GT(correlation(flow, returns), 0.30);               // 0.665 and 0.639
  EXPECT_LT(correlation(flow, returns), 0.85);

  std::vector<double> signs;
  signs.reserve(ticks_.trades.size());
  for (const TradeRow& row : ticks_.trades) signs.push_back(sign(row.aggressor));
  const auto at_lag = [&signs](std::ptrdiff_t lag) {
    return correlation({signs.begin(), signs.end() - lag}, {signs.begin() + lag, signs.end()});
  };
  EXPECT_GT(at_lag(1), 0.2);  // 0.21 and 0.47
  EXPECT_LT(at_lag(1), 0.75);
  EXPECT_GT(at_lag(5), 0.1);  // 0.23 and 0.47
  EXPECT_GT(at_lag(1), at_lag(10));
}

TEST_F(SynthCalibration, UpdateIdsGrowAsFastAsTheRealOnes) {
  const double grown =
      static_cast<double>(ticks_.quotes.back().update_id - ticks_.quotes.front().update_id);
  const double per_second = grown / (kMinutes * 60.0);
  EXPECT_GT(per_second, 39'000.0);  // 78,000
  EXPECT_LT(per_second, 156'000.0);
}

TEST(SynthLatent, VolatilityClustersAroundItsMean) {
  Params params = test::small("x");
  params = completed(params);
  Rng rng{9};
  Latent latent{params};
  std::vector<double> sigmas;
  double squares = 0.0;
  for (int minute = 0; minute < 60 * 1440; ++minute) {
    sigmas.push_back(std::log(latent.step(minute * 60'000LL, rng).sigma));
    squares += std::exp(2.0 * sigmas.back());
  }
  const double rms_bp = std::sqrt(squares / static_cast<double>(sigmas.size())) * 1e4;
  EXPECT_GT(rms_bp, 5.0);  // 6.2 is meant: 45 % a year
  EXPECT_LT(rms_bp, 8.0);
  const auto at_lag = [&sigmas](std::ptrdiff_t lag) {
    return correlation({sigmas.begin(), sigmas.end() - lag}, {sigmas.begin() + lag, sigmas.end()});
  };
  EXPECT_GT(at_lag(30), 0.6);
  EXPECT_LT(at_lag(4320), 0.35);
}

}  // namespace
}  // namespace toxvol::synth
