// Ticks that nobody waits for are passed at once: every record is that of a run that handles each.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/realistic/random_runs.hpp"
#include "tests/engine/support.hpp"
#include "tests/support/turns.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

struct Inputs {
  bool trades;
  bool quotes;
};

TEST(PassedTicks, ChangeNothingWhateverTheMarketAndTheStrategyDo) {
  constexpr std::array<std::int64_t, 4> kGaps = {8, 60, 700, 9'000};
  constexpr std::array<QueueModel, 3> kQueues = {QueueModel::Optimistic, QueueModel::RiskAverse,
                                                 QueueModel::Proportional};
  constexpr std::array<Inputs, 3> kInputs = {{{true, true}, {true, false}, {false, true}}};
  std::size_t fills = 0;
  std::size_t liquidations = 0;
  std::int64_t at_once = 0;
  std::int64_t rows = 0;
  const auto seeds = static_cast<std::uint64_t>(toxvol::test::turns(12, 24));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Market market = wandering(seed, kGaps[seed % kGaps.size()]);
    for (const Inputs& inputs : kInputs) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", trades " << inputs.trades
                                      << ", quotes " << inputs.quotes);
      EngineParams with = params();
      with.inputs.trades = inputs.trades;
      with.inputs.quotes = inputs.quotes;
      with.exchange.order_latency.value = std::chrono::milliseconds{20};
      with.exchange.data_latency.value = std::chrono::microseconds{10'300};
      with.exchange.queue = kQueues[seed % kQueues.size()];
      with.exchange.max_touch_age = std::chrono::milliseconds{seed % 2 == 0 ? 10'000 : 900};
      with.agg_delay = std::chrono::milliseconds{seed % 5 == 0 ? 100 : 0};
      if (seed % 4 == 1) with.from = ms(12 * kMinuteMs);  // what comes before warms up
      const Played passed = play(market, seed, with, true);
      const Played replayed = play(market, seed, with, false);
      expect_equal(passed, replayed);
      if (HasFatalFailure()) return;
      EXPECT_EQ(passed.folding.trades, replayed.folding.trades);
      EXPECT_EQ(passed.folding.quotes, replayed.folding.quotes);
      EXPECT_EQ(replayed.folding.at_once, 0);
      at_once += passed.folding.at_once;
      rows += passed.folding.trades + passed.folding.quotes;
      fills += passed.records.fills.size();
      for (const auto& fill : passed.records.fills) {
        if (fill.rule == trading::FillRule::Liq) ++liquidations;
      }
    }
  }
  // All of it did happen.
  EXPECT_GT(fills, 40 * seeds);
  EXPECT_GT(liquidations, seeds / 2);
  EXPECT_GT(at_once, rows / 4) << "of " << rows;
}

TEST(PassedTicks, AreHandledOneByOneWhereTheirTimesAskForIt) {
  const Market market = wandering(7, 60);
  EngineParams random = params();
  random.exchange.data_latency = {
      .kind = Latency::Kind::Lognormal, .value = std::chrono::milliseconds{10}, .sigma = 1.0};
  const Played played = play(market, 7, random, true);
  EXPECT_EQ(played.folding.at_once, 0);
  expect_equal(played, play(market, 7, random, false));
}

/// A quote every 50 ms, in blocks of a minute; knows how many of them somebody holds.
class HeldQuotes final : public BlockStream<Quote> {
 public:
  explicit HeldQuotes(std::int64_t minutes) : minutes_{minutes} {}
  std::span<const Quote> next() override { return {}; }
  SharedRows<Quote> next_shared() override {
    if (given_.size() == static_cast<std::size_t>(minutes_)) return {};
    Market one;
    const auto begin = static_cast<std::int64_t>(given_.size()) * kMinuteMs;
    for (std::int64_t at = 0; at < kMinuteMs; at += 50) one.quote(begin + at, 100, 1, 100.1, 1);
    const auto block = std::make_shared<const std::vector<Quote>>(std::move(one.quotes));
    given_.push_back(block);
    most_ = std::max(most_, std::count_if(given_.begin(), given_.end(),
                                          [](const auto& other) { return !other.expired(); }));
    return {.owner = block, .rows = *block};
  }
  [[nodiscard]] std::ptrdiff_t most() const { return most_; }

 private:
  std::int64_t minutes_;
  std::vector<std::weak_ptr<const std::vector<Quote>>> given_;
  std::ptrdiff_t most_ = 0;
};

// Warm-up without klines, metrics and funding: nothing but ticks is due for hours.
TEST(PassedTicks, AreNotAllHeldWhereMinutesAreMissing) {
  constexpr std::int64_t kMinutes = 180;
  EngineParams with = params();
  with.from = ms(kMinutes * kMinuteMs);
  with.to = with.from + kMinute;
  with.inputs.trades = false;
  auto quotes = std::make_unique<HeldQuotes>(kMinutes);
  const HeldQuotes& held = *quotes;
  MarketData data;
  data.quotes = std::move(quotes);
  Player player;
  CountingFolding folding;
  Tape tape;
  Progress silent;
  RealisticRun<Player, CountingFolding> run{with, instrument(), player, folding, tape};
  run.run(data, silent);
  EXPECT_EQ(folding.quotes, kMinutes * kMinuteMs / 50);
  EXPECT_GT(folding.at_once, folding.quotes * 9 / 10);
  EXPECT_LE(held.most(), 6) << "blocks of a minute: two of the past, a stretch, one ahead";
}

}  // namespace
}  // namespace toxvol::engine::test
