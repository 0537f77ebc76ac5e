// Minutes that an earlier run has kept: of those in which nothing can happen no tick is read, and
// every record is that of a run that handles each.
#include "toxvol/engine/known_minutes.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/realistic/random_runs.hpp"
#include "tests/engine/support.hpp"
#include "tests/support/turns.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

/// What a run with this seed keeps, and that it changes nothing for it.
std::vector<KnownMinute> kept(const Market& market, std::uint64_t seed, const EngineParams& with) {
  std::vector<KnownMinute> minutes;
  EngineParams as_played = with;
  as_played.to = ms(kLength - 1'234);
  MinuteKeeper keeper{as_played, instrument(), ms(0),
                      [&](const KnownMinute& minute) { minutes.push_back(minute); }};
  const Played keeping = play(market, seed, with, true, {.keeper = &keeper});
  keeper.finish();
  expect_equal(keeping, play(market, seed, with, false));
  return minutes;
}

Played play_known(const Market& market, std::uint64_t seed, const EngineParams& with,
                  const std::vector<KnownMinute>& minutes, std::int64_t calm) {
  std::size_t next = 0;
  KnownMinutes known{
      [&]() -> const KnownMinute* { return next < minutes.size() ? &minutes[next++] : nullptr; }};
  return play(market, seed, with, true, {.known = &known}, calm);
}

TEST(KnownMinutes, ChangeNothingWhateverTheMarketAndTheStrategyDo) {
  constexpr std::array<std::int64_t, 4> kGaps = {8, 60, 700, 9'000};
  struct Kinds {
    bool trades;
    bool quotes;
  };
  constexpr std::array<Kinds, 3> kKinds = {{{true, true}, {true, false}, {false, true}}};
  std::size_t fills = 0;
  std::size_t liquidations = 0;
  std::int64_t left_out = 0;
  std::int64_t rows = 0;
  const auto seeds = static_cast<std::uint64_t>(toxvol::test::turns(8, 24));
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Market market = wandering(seed, kGaps[seed % kGaps.size()]);
    for (const Kinds& kinds : kKinds) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", trades " << kinds.trades
                                      << ", quotes " << kinds.quotes);
      EngineParams with = params();
      with.inputs.trades = kinds.trades;
      with.inputs.quotes = kinds.quotes;
      with.exchange.order_latency.value = std::chrono::milliseconds{20};
      with.exchange.data_latency.value =
          std::chrono::microseconds{seed % 4 == 2 ? 25'000'300 : 10'300};
      with.exchange.max_touch_age = std::chrono::milliseconds{seed % 2 == 0 ? 10'000 : 900};
      with.agg_delay = std::chrono::milliseconds{seed % 5 == 0 ? 100 : 0};
      with.bar_delay = std::chrono::milliseconds{seed % 7 == 0 ? 2'500 : 0};
      if (seed % 4 == 1) with.from = ms(12 * kMinuteMs);  // what comes before warms up
      if (seed % 8 == 3) with.from = ms(7 * kMinuteMs + 21'003);
      const std::vector<KnownMinute> minutes = kept(market, seed, with);
      if (HasFatalFailure()) return;
      ASSERT_EQ(minutes.size(), kLength / kMinuteMs);
      // Another strategy on the same market, and other rules where they do not matter.
      with.exchange.queue = seed % 3 == 0 ? QueueModel::Optimistic : QueueModel::RiskAverse;
      with.exchange.order_latency.value = std::chrono::milliseconds{seed % 3 * 15};
      for (const std::int64_t calm : {1, 4, 12}) {
        const Played known = play_known(market, seed + 100, with, minutes, calm);
        expect_equal(known, play(market, seed + 100, with, false, {}, calm));
        if (HasFatalFailure()) return;
        left_out += known.left_out;
        rows += std::ssize(market.trades) + std::ssize(market.quotes);
        fills += known.records.fills.size();
        for (const auto& fill : known.records.fills) {
          if (fill.rule == trading::FillRule::Liq) ++liquidations;
        }
      }
    }
  }
  // All of it did happen.
  EXPECT_GT(fills, 80 * seeds);
  EXPECT_GT(liquidations, seeds);
  EXPECT_GT(left_out, rows / 20) << "of " << rows;
}

// How far back an order may look: counted by hand.
TEST(KnownMinutes, SayFromWhenOnThereIsEnough) {
  struct Ticks {
    std::int64_t trades;
    std::int64_t quotes;
    std::int64_t usable;
  };
  constexpr std::array<Ticks, 6> kTicks = {
      {{5, 9, 9}, {0, 0, 0}, {3, 4, 0}, {4, 0, 0}, {1, 2, 0}, {9, 9, 9}}};
  std::size_t next = 0;
  KnownMinute minute;
  KnownMinutes known{[&]() -> const KnownMinute* {
    if (next == kTicks.size()) return nullptr;
    minute.begin = ms(static_cast<std::int64_t>(next) * kMinuteMs);
    minute.trades = kTicks[next].trades;
    minute.quotes = kTicks[next].quotes;
    minute.usable_quotes = kTicks[next].usable;
    ++next;
    return &minute;
  }};
  ASSERT_NE(known.at(ms(5 * kMinuteMs)), nullptr);
  EXPECT_EQ(known.at(ms(6 * kMinuteMs)), nullptr);
  const Timestamp end = ms(5 * kMinuteMs);
  // 1 + 4 trades in the two minutes before `end`, and the minute before those.
  EXPECT_EQ(known.trades_from(end, 5), ms(2 * kMinuteMs));
  EXPECT_EQ(known.trades_from(end, 6), ms(kMinuteMs));
  EXPECT_EQ(known.trades_from(end, 8), ms(kMinuteMs));
  EXPECT_EQ(known.trades_from(end, 9), std::nullopt) << "no minute before the first";
  EXPECT_EQ(known.trades_from(end, 14), std::nullopt);
  // The last quote is of minute 4, the last usable one of minute 0.
  EXPECT_EQ(known.quotes_from(end), ms(0));
  EXPECT_EQ(known.quotes_from(ms(6 * kMinuteMs)), end);
  EXPECT_EQ(known.quotes_from(ms(0)), std::nullopt);
}

}  // namespace
}  // namespace toxvol::engine::test
