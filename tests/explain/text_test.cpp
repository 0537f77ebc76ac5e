#include "toxvol/explain/text.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/json.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::explain {
namespace {

using run::test::kStart;

/// The sample run's position and the row that decided it.
Explanation sample() {
  const auto run = run::test::sample_run();
  Explanation made{.run = "runs/x",
                   .symbol = "BTCUSDT",
                   .preset = "A",
                   .order_latency = "20ms",
                   .queue = "risk_averse",
                   .engine = "native",
                   .is_script = false,
                   .synthetic = false,
                   .asked = {},
                   .decision = {},
                   .orders = {},
                   .position = run.positions[0],
                   .last_row = run.decisions[3],
                   .params = {},
                   .remarks = {}};
  Decision decision{.row = run.decisions[1], .judgement = {}, .known = {}};
  decision.known.push_back({.kind = Kind::BookTicker,
                            .ts_event = kStart + kMinute,
                            .age_s = 0.25,
                            .values = {{"bid", "60000"}}});
  decision.row.factors.thresholds.tau_t = 1.0;
  decision.row.factors.toxicity.t = 0.5;
  (void)strategy::signal(decision.row.factors, made.params, &decision.judgement.signal);
  decision.judgement.guards.push_back({.question = "position",
                                       .otherwise = trading::Reason::InPosition,
                                       .holds = true,
                                       .factor = "position",
                                       .value = 0.0});
  decision.judgement.inputs.emplace();
  decision.judgement.inputs->equity = 100'000.0;
  decision.judgement.inputs->price = run::test::price_e2(6'000'010);
  decision.judgement.size.emplace();
  decision.judgement.size->qty = run::test::btc(1);
  decision.judgement.size->parts.budget = 350.0;
  decision.judgement.size->parts.spread_scale = 0.5;
  made.decision = decision;
  for (std::size_t i = 0; i < 2; ++i) {
    made.orders.push_back({.record = run.orders[i],
                           .commands = {run.commands[i]},
                           .fills = {{.record = run.fills[i], .markouts = {}}}});
  }
  made.orders[0].fills[0].markouts = {{.after_s = 1, .mid = 60'000.1, .drift_bp = 0.25},
                                      {.after_s = 5, .mid = {}, .drift_bp = {}}};
  return made;
}

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

testing::AssertionResult says(const Explanation& explanation, const std::string& line) {
  const std::vector<std::string> lines = text_of(explanation);
  if (has(lines, line)) return testing::AssertionSuccess();
  auto failure = testing::AssertionFailure() << "no line '" << line << "' in";
  for (const std::string& one : lines) failure << '\n' << one;
  return failure;
}

TEST(Text, TellsWhatWasKnownAndWhatEachStepSaid) {
  const Explanation made = sample();
  EXPECT_TRUE(says(made, "decision of the minute that ended at 2024-01-01T00:01:00Z: enter_long"));
  EXPECT_TRUE(says(made, "  bookTicker  2024-01-01T00:01:00Z, 0.2 s old  bid 60000"));
  EXPECT_TRUE(says(made, "signal, regime neutral"));
  EXPECT_TRUE(says(made, "  yes f1 2 >= q_f1 1: compressed (by 1)"));
  EXPECT_TRUE(says(made, "  yes |p| 1.5 >= q_p 1: strong enough (by 0.5)"));
  EXPECT_TRUE(says(made, "  = alpha a, long"));
  EXPECT_TRUE(says(made, "  yes position 0: flat"));
  EXPECT_TRUE(says(made, "  = enter_long"));
  EXPECT_TRUE(says(made, "  at risk   350.00 USDT = 35 bp of equity 100000.00"));
  EXPECT_TRUE(says(made, "  = 1 in whole lots"));
}

TEST(Text, TellsOrdersFillsAndMoney) {
  const Explanation made = sample();
  EXPECT_TRUE(says(made, "orders (latency 20ms, queue risk_averse)"));
  EXPECT_TRUE(says(made, "order O-1 (entry): buy market 1"));
  EXPECT_TRUE(says(made,
                   "  sent 2024-01-01T00:01:00.010Z at bid 60000 ask 60000.1; arrived after 21 ms; "
                   "filled 2024-01-01T00:01:00.031Z"));
  EXPECT_TRUE(says(made,
                   "    X6: market order: the shown size at the touch, then one mean depth a tick "
                   "behind it"));
  EXPECT_TRUE(says(made, "    the mid after it, in bp for us:  1 s +0.25  5 s -"));
  // 99.9 of price, 60.05005 of fees, 6 of funding paid, slippage 0.05 a side.
  EXPECT_TRUE(says(made,
                   "  money    net 33.84995 = price 99.9 (gross 100 - slippage 0.1) - fees "
                   "60.05005 + funding -6"));
}

TEST(Text, TellsAnOrderThatWalkedThroughTheBookInOneLine) {
  Explanation made = sample();
  Order& entry = made.orders[0];
  Fill second = entry.fills[0];
  second.record.fill_id += 1;
  second.record.price = run::test::price_e2(6'000'030);
  entry.fills.push_back(second);
  // 1 at 60000.1 and 1 at 60000.3, so that the mid of 60000.1 is 0.1 below their average.
  EXPECT_TRUE(says(made,
                   "  fills 1 to 2: 2 at 60000.1 to 60000.3 as taker, 2024-01-01T00:01:00.031Z; "
                   "fee 60.0001, slippage 0.1"));
  EXPECT_TRUE(says(made, "    the mid after it, in bp for us:  1 s -0.02  5 s -"));
  second.record.fill_id += 1;
  second.record.ts += std::chrono::seconds{1};
  second.markouts.clear();
  entry.fills.push_back(second);
  EXPECT_TRUE(says(made,
                   "  fill 3: 1 at 60000.3 as taker, 2024-01-01T00:01:01.031Z; fee 30.00005, "
                   "slippage 0.05"));
}

TEST(Text, SaysNothingOfMidsWhereThereAreNone) {
  Explanation made = sample();
  made.orders[0].fills[0].markouts[0] = {.after_s = 1, .mid = {}, .drift_bp = {}};
  for (const std::string& line : text_of(made)) {
    EXPECT_EQ(line.find("the mid after it"), std::string::npos) << line;
  }
}

TEST(Text, SaysWhyThePositionWasLeft) {
  Explanation made = sample();
  made.position->take_profit = run::test::price_e2(6'009'990);
  EXPECT_TRUE(says(made,
                   "  exit     take_profit: bid 60100 at 2024-01-01T00:03:00.010Z reached the "
                   "target 60099.9"));
  trading::Intent& intent = made.orders[1].record.submit.intent;
  intent.role = trading::Role::Stop;
  EXPECT_TRUE(
      says(made, "  exit     stop: bid 60100 at 2024-01-01T00:03:00.010Z reached the stop 59900"));
  intent.role = trading::Role::TimeStop;
  EXPECT_TRUE(says(made, "  exit     time_stop: it was held for exit.max_hold, 30 min"));
  intent.role = trading::Role::Flip;
  made.last_row->factors.crowding.regime = Regime::CrowdedLong;
  EXPECT_TRUE(says(made,
                   "  exit     flip: the regime changed: neutral when it was opened, crowded_long "
                   "at the row of 2024-01-01T00:03:00Z"));
  made.position->ts_close.reset();
  EXPECT_TRUE(says(made, "  closed   never: it was open when the run ended"));
}

TEST(Text, OfARowWithoutASignalAsksNoGuards) {
  Explanation made = sample();
  made.position.reset();
  made.orders.clear();
  made.decision->row = run::test::sample_run().decisions[3];
  made.decision->judgement = {};
  (void)strategy::signal(made.decision->row.factors, made.params, &made.decision->judgement.signal);
  EXPECT_TRUE(says(made, "  NO  f1 0.5 < q_f1 1: not compressed (0.5 short)"));
  EXPECT_TRUE(says(made, "  = no signal: not_compressed"));
  EXPECT_TRUE(says(made, "  not asked: there was no signal"));
}

TEST(Json, HoldsTheRowTheStepsAndTheRecords) {
  const auto json = nlohmann::ordered_json::parse(json_of(sample()));
  EXPECT_EQ(json["run"], "runs/x");
  EXPECT_EQ(json["decision"]["row"]["f1"], 2.0);
  EXPECT_EQ(json["decision"]["row"]["alpha"], "a");
  EXPECT_TRUE(json["decision"]["row"]["gk_short"].is_null());
  const auto& steps = json["decision"]["steps"];
  ASSERT_GT(steps.size(), 3U);
  EXPECT_EQ(steps[0]["question"], "boundary");
  EXPECT_TRUE(steps[0]["margin"].is_null());
  EXPECT_EQ(json["decision"]["size"]["budget"], 350.0);
  EXPECT_EQ(json["decision"]["size"]["qty"], "1");
  EXPECT_EQ(json["orders"][0]["order_id"], "O-1");
  EXPECT_EQ(json["orders"][0]["latency_ms"], 21.0);
  EXPECT_EQ(json["orders"][0]["fills"][0]["rule"], "X6");
  EXPECT_EQ(json["orders"][0]["fills"][0]["markouts"][0]["drift_bp"], 0.25);
  EXPECT_TRUE(json["orders"][0]["fills"][0]["markouts"][1]["mid"].is_null());
  EXPECT_EQ(json["position"]["net"], "33.84995");
}

}  // namespace
}  // namespace toxvol::explain
