#include "toxvol/jobs/poison/check.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/jobs/poison.hpp"
#include "toxvol/jobs/poison/known_then.hpp"
#include "toxvol/jobs/poison/rows.hpp"
#include "toxvol/jobs/poison/trace.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {
namespace {

using std::chrono::milliseconds;
using trading::Reason;

constexpr std::size_t kMinutes = 400;
constexpr Timestamp kOpen = from_ms(1'705'017'600'000);

Instrument contract() {
  Instrument instrument;
  instrument.symbol = "BTCUSDT";
  instrument.tick = {{.from = {}, .value = Price::from_raw(Price::kOne / 10)}};
  instrument.lot = Qty::from_raw(Qty::kOne / 1000);
  return instrument;
}

class BarBlock final : public BlockStream<Bar> {
 public:
  explicit BarBlock(std::vector<Bar> bars) : bars_{std::move(bars)} {}
  std::span<const Bar> next() override {
    return std::exchange(is_read_, true) ? std::span<const Bar>{} : bars_;
  }

 private:
  std::vector<Bar> bars_;
  bool is_read_ = false;
};

std::vector<Bar> bars_of(const std::optional<Poison>& poison) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < kMinutes; ++i) {
    const Timestamp end = kOpen + static_cast<std::int64_t>(i + 1) * kMinute;
    const Price price = Price::from_raw((40'000 + static_cast<std::int64_t>(i % 37)) * Price::kOne);
    bars.push_back({.ts_event = end,
                    .ts_init = end + Duration{800'000},
                    .open = price,
                    .high = price,
                    .low = price,
                    .close = price,
                    .volume = Qty::from_raw(Qty::kOne),
                    .count = 3});
  }
  MarketData data;
  data.bars = std::make_unique<BarBlock>(std::move(bars));
  if (poison) poison_streams(data, *poison);
  const std::span<const Bar> rows = data.bars->next();
  return {rows.begin(), rows.end()};
}

/// A run that decides each minute, is filled each tenth, and whose parts may look too far.
struct Toy {
  std::size_t decisions_ahead = 0;  // in bars
  std::size_t fills_ahead = 0;
  std::size_t equity_ahead = 0;
  bool drops_fills = false;  // where the next bar rises
  bool has_fills = true;
  Reason reason = Reason::NotCompressed;
  trading::FillRule rule = trading::FillRule::X6;
  std::int64_t* runs = nullptr;  // of a run that never says the same twice

  void operator()(const std::optional<Poison>& poison, PoisonTrace& trace, Progress&) const {
    const std::vector<Bar> bars = bars_of(poison);
    const auto close = [&](std::size_t i) { return i < bars.size() ? bars[i].close : Price{}; };
    std::int64_t fills = 0;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      strategy::DecisionRow row;
      row.factors.ts = bars[i].ts_event;
      row.factors.ts_init = bars[i].ts_init;
      row.factors.close = close(i + decisions_ahead);
      if (runs != nullptr) row.factors.close += Price::from_raw(*runs);
      row.decides = true;
      row.reason = reason;
      trace.record(row);
      trace.record(trading::EquityRecord{.seq = static_cast<std::int64_t>(i) + 1,
                                         .ts = bars[i].ts_event + milliseconds{1},
                                         .mark = close(i + equity_ahead).to_double()});
      const bool is_dropped = drops_fills && close(i + 1) > close(i);
      if (!has_fills || i % 10 != 0 || is_dropped) continue;
      trading::FillRecord fill;
      fill.fill_id = ++fills;
      fill.ts = bars[i].ts_event + milliseconds{31};
      fill.price = close(i + fills_ahead);
      fill.rule = rule;
      trace.record(fill);
    }
    if (runs != nullptr) ++*runs;
  }
};

/// Everything belongs to its own time.
engine::EngineParams no_delays() {
  engine::EngineParams params;
  params.exchange.data_latency = {};
  return params;
}

PoisonPlan plan_of(int trials) {
  return {.trials = trials,
          .seed = 1,
          .from = kOpen,
          .to = kOpen + static_cast<std::int64_t>(kMinutes) * kMinute,
          .instrument = contract(),
          .known = KnownThen{no_delays()}};
}

PoisonResult check(const Toy& toy, int trials = 8) {
  Progress silent;
  return check_by_poison(plan_of(trials), toy, silent);
}

/// The tables in which trials differ, and nothing for those that do not.
std::vector<std::string> tables(const PoisonResult& result) {
  std::vector<std::string> found;
  for (const PoisonTrial& trial : result.trials) {
    if (trial.difference) found.emplace_back(trial.difference->table);
  }
  return found;
}

TEST(PoisonCheck, ARunThatKnowsOnlyThePastPasses) {
  const PoisonResult result = check({}, 12);
  EXPECT_TRUE(result.is_clean());
  EXPECT_TRUE(poison_findings(result).empty());
  const PoisonCounts counts = result.counts();
  EXPECT_GT(counts.decisions, 500);
  EXPECT_EQ(counts.decisions, counts.minutes);
  EXPECT_GT(counts.fills, 50);
  const std::vector<std::string> lines = poison_summary(result);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0].starts_with("12 trials: ")) << lines[0];
  EXPECT_TRUE(lines[0].ends_with("equity rows before the moments: none changed")) << lines[0];
}

TEST(PoisonCheck, MomentsAreDrawnInTurnInsideTheWindowAndFromTheSeed) {
  const PoisonResult result = check({}, 8);
  const std::vector<std::string_view> turns{"fill", "decision", "decision", "anywhere"};
  for (const PoisonTrial& trial : result.trials) {  // there are no commands
    EXPECT_EQ(trial.drawn, turns[static_cast<std::size_t>(trial.number - 1) % turns.size()]);
    EXPECT_GT(trial.moment, result.from);
    EXPECT_LT(trial.moment, result.to);
    EXPECT_EQ(trial.moment, from_ms(floor_ms(trial.moment)));
  }
  // The millisecond after a fill's.
  EXPECT_EQ((result.trials[0].moment - kOpen) % kMinute, milliseconds{32});
  EXPECT_EQ((result.trials[1].moment - kOpen) % kMinute, milliseconds{1});
  EXPECT_EQ(check({}, 8).trials[3].moment, result.trials[3].moment);
  PoisonPlan other = plan_of(4);
  other.seed = 2;
  Progress silent;
  EXPECT_NE(check_by_poison(other, Toy{}, silent).trials[3].moment, result.trials[3].moment);
}

TEST(PoisonCheck, FindsADecisionThatReadsOneBarAhead) {
  const PoisonResult result = check({.decisions_ahead = 1});
  EXPECT_EQ(tables(result), std::vector<std::string>(8, "decisions"));
  const PoisonTrial& trial = result.trials[1];  // just after a decision: the last one moves
  ASSERT_TRUE(trial.difference);
  EXPECT_EQ(trial.difference->ts, trial.moment - milliseconds{1});
  EXPECT_EQ(trial.difference->column, "close");
  EXPECT_TRUE(trial.difference->clean.starts_with("400")) << trial.difference->clean;
  EXPECT_NE(trial.difference->clean, trial.difference->poisoned);
  EXPECT_EQ(poison_findings(result)[1], "trial 2: what comes from " + to_string(trial.moment) +
                                            " on changes decisions.parquet, row of " +
                                            to_string(trial.difference->ts) + ": close is " +
                                            trial.difference->clean + ", with another future " +
                                            trial.difference->poisoned);
}

TEST(PoisonCheck, FindsAFillThatReadsOneBarAhead) {
  const auto found = tables(check({.fills_ahead = 1}));
  ASSERT_GE(found.size(), 2U);  // the trials just after a fill
  EXPECT_EQ(found[0], "fills");
}

TEST(PoisonCheck, FindsAFillThatIsThereOnlyWithThatFuture) {
  const PoisonResult result = check({.drops_fills = true}, 32);
  ASSERT_GT(result.changed(), 0);
  for (const PoisonTrial& trial : result.trials) {
    if (!trial.difference) continue;
    EXPECT_EQ(trial.difference->table, "fills");
    EXPECT_EQ(trial.difference->column, "row");
    EXPECT_NE(trial.difference->clean, trial.difference->poisoned);
  }
}

TEST(PoisonCheck, FindsEquityThatReadsOneBarAhead) {
  const PoisonResult result = check({.equity_ahead = 1});
  ASSERT_GT(result.changed(), 0);
  for (const std::string& table : tables(result)) EXPECT_EQ(table, "equity");
}

TEST(PoisonCheck, SaysWhatItHasNotShown) {
  EXPECT_EQ(poison_summary(check({.has_fills = false})).back(),
            "nothing was filled before any moment: what fills and the account depend on is not "
            "shown");
  const PoisonResult warm = check({.has_fills = false, .reason = Reason::Warmup});
  EXPECT_EQ(warm.counts().decisions, 0);
  EXPECT_GT(warm.counts().minutes, 0);
  EXPECT_TRUE(poison_summary(warm).back().starts_with("nothing was decided before any moment"));
  EXPECT_NE(poison_json(warm).find("\"nothing_compared\""), std::string::npos);
}

TEST(PoisonCheck, FillsAtTheCloseThatDecidedThemAreToldThoughNoTrialCanShowThem) {
  const PoisonResult result = check({.rule = trading::FillRule::X24});
  EXPECT_EQ(result.changed(), 0);
  EXPECT_FALSE(result.is_clean());
  EXPECT_EQ(result.same_close_fills, 40);
  ASSERT_EQ(poison_findings(result).size(), 1U);
  EXPECT_TRUE(poison_findings(result)[0].starts_with(
      "entry.fill = same_close: 40 fills at the close that decided them, the first at "
      "2024-01-12T00:01:00.031Z"))
      << poison_findings(result)[0];
}

TEST(PoisonCheck, ARunThatDoesNotRepeatItselfIsNoLookAhead) {
  std::int64_t runs = 0;
  EXPECT_THROW(static_cast<void>(check({.runs = &runs})), Error);
}

TEST(Poison, WantsATrialAtLeast) {
  Progress silent;
  const PoisonRequest request{.market = {}, .config = config::Config{}, .trials = 0};
  EXPECT_THROW(static_cast<void>(run_poison(request, silent)), UsageError);
}

}  // namespace
}  // namespace toxvol::jobs
