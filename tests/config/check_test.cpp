#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/native_venue.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/trader.hpp"

/// `config check` and a run: what the one takes the other takes, and both refuse with one sentence.
namespace toxvol::config {
namespace {

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// What the parts of a run say of the configuration when they are made.
std::string said_by_run(const Config& config, const Instrument& instrument) {
  constexpr Inputs kAll{
      .trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true};
  const Timestamp from{Day{std::chrono::year{2024} / 1 / 1}};
  return refusal([&] {
    factors::FactorParams factors = config.strategy.factors;
    // A run finds these thresholds first, with trailing ones (R36).
    if (factors.thresholds.fit == factors::ThresholdFit::Sample) {
      factors.thresholds.fit = factors::ThresholdFit::Trailing;
    }
    const factors::FactorModel model{factors, kAll};
    const strategy::Trader trader{
        {.params = config.strategy, .instrument = instrument, .inputs = kAll, .from = from}};
    const engine::EngineParams params = engine_params(config, kAll, from, from + kDay);
    engine::require_possible(params.exchange);
    engine::validate(params, instrument);
  });
}

/// Said by this room alone, before a run: what would have no effect, and what only the values of
/// two rooms together tell.
bool is_of_config(const Problem& problem) {
  return problem.why.starts_with("has no effect") || problem.key == "run.inputs" ||
         problem.why.starts_with("NautilusTrader has no such fill") ||
         problem.why.starts_with("sample takes a pass");
}

/// Words that one key or another takes: its own alternatives, and values on both sides of bounds.
std::vector<std::string> candidates(const Key& key) {
  std::vector<std::string> words = {"-1",
                                    "0",
                                    "1",
                                    "2",
                                    "3",
                                    "4",
                                    "5",
                                    "29",
                                    "30",
                                    "31",
                                    "59",
                                    "60",
                                    "61",
                                    "89",
                                    "90",
                                    "91",
                                    "1439",
                                    "1440",
                                    "1441",
                                    "8640",
                                    "8641",
                                    "10080",
                                    "10081",
                                    "364",
                                    "365",
                                    "366",
                                    "1000000000",
                                    "0.009",
                                    "0.01",
                                    "0.4",
                                    "0.5",
                                    "0.6",
                                    "0.9999",
                                    "1.0",
                                    "1.0001",
                                    "125.0",
                                    "inf",
                                    "nan",
                                    "1e300",
                                    "\"0s\"",
                                    "\"1ns\"",
                                    "\"59s\"",
                                    "\"60s\"",
                                    "\"1m\"",
                                    "\"2m\"",
                                    "\"4m\"",
                                    "\"5m\"",
                                    "\"6m\"",
                                    "\"29m\"",
                                    "\"30m\"",
                                    "\"31m\"",
                                    "\"90s\"",
                                    "\"1h\"",
                                    "\"6h\"",
                                    "\"361m\"",
                                    "\"12h\"",
                                    "\"1d\"",
                                    "\"7d\"",
                                    "\"30d\"",
                                    "\"31d\"",
                                    "[0, 0]",
                                    "[0, 1]",
                                    "[-1, 2]",
                                    "[0, 0, 0]",
                                    "[0, 0, 1]",
                                    "[1, 7, 30]",
                                    "[1, 7, 366]",
                                    "[7, 1, 30]",
                                    "[0, 0, 0, 0]",
                                    "[0, 0, 0, 1]",
                                    "true",
                                    "false",
                                    "auto",
                                    "none",
                                    "flatten",
                                    "reduce:0.5",
                                    "reduce:1",
                                    "events:1",
                                    "events:0",
                                    "base:10",
                                    "base:0",
                                    "notional:1",
                                    "lognormal:20ms:0.5",
                                    "recorded",
                                    "VIP0",
                                    "VIP6",
                                    "ETHUSDT",
                                    "[\"klines\"]",
                                    "[\"klines\", \"bookTicker\"]"};
  std::string_view type = key.type;
  while (!type.empty()) {
    const auto bar = type.find(" | ");
    words.emplace_back(type.substr(0, bar));
    type = bar == std::string_view::npos ? "" : type.substr(bar + 3);
  }
  return words;
}

struct Counts {
  int accepted = 0;
  int refused = 0;  // by both, with one sentence
};

Counts compare(const std::vector<std::string>& base) {
  Config start;
  for (const std::string& assignment : base) set(start, assignment);
  const Instrument instrument = *known_instrument("BTCUSDT");
  Counts counts;
  for (const Key& key : keys()) {
    for (const std::string& word : candidates(key)) {
      Config config = start;
      // What one value may be is refused where it is set: no run begins.
      if (!refusal([&] { set(config, fmt::format("{}={}", key.name, word)); }).empty()) continue;
      // Leverage (and a tier, here up to VIP6) is the contract's to allow: known with the data.
      if (key.name == "exchange.leverage" && config.exchange.leverage > 125) continue;
      const std::vector<Problem> found = check(config);
      EXPECT_EQ(found.empty(), refusal([&] { validate(config); }).empty());
      const auto of_rooms = std::ranges::find_if_not(found, is_of_config);
      const std::string by_check =
          of_rooms == found.end() ? "" : of_rooms->key + ": " + of_rooms->why;
      EXPECT_EQ(said_by_run(config, instrument), by_check) << key.name << " = " << word;
      ++(by_check.empty() ? counts.accepted : counts.refused);
    }
  }
  return counts;
}

TEST(Check, AcceptsWhatARunAcceptsAndRefusesWithItsSentence) {
  const Counts of_a = compare({});
  EXPECT_GT(of_a.accepted, 800);
  EXPECT_GT(of_a.refused, 40);
}

TEST(Check, IsARunsAlsoWhereOtherKeysStandApart) {
  EXPECT_GT(compare({"volatility.estimator=yz", "entry.order=post_only"}).refused, 40);
  EXPECT_GT(
      compare({"exchange.profile=nautilus_1_221", "thresholds.quantile_min_count=30"}).refused, 40);
}

TEST(Check, AValueOutsideOfItsKeysBoundsIsRefusedWhereItIsSet) {
  Config config;
  for (const char* text : {"crowding.theta=0",
                           "crowding.theta=inf",
                           "thresholds.quantile_min_count=1",
                           "pressure.weights=[1, -1, 1]",
                           "volatility.har_weights=[0, 0, 0]",
                           "toxicity.tau=1.0001",
                           "toxicity.vpin_bucket=base:0",
                           "run.cadence=90s",
                           "crowding.d_oi_window=4m",
                           "exchange.leverage=0",
                           "exchange.impact_ticks_per_level=-1",
                           "run.equity_usdt=0",
                           "exchange.order_latency=recorded",
                           "exit.max_hold=3651d",
                           "entry.give_up_after=100000d",
                           "data.metrics_delay=3651d",
                           "run.warmup=3651d",
                           "pressure.ofi_window=3651d",
                           "exchange.data_latency=lognormal:61m:5",
                           "crowding.funding_z_events=87601",
                           "crowding.funding_min_count=87601",
                           "volatility.har_min_days=3651",
                           "volatility.har_fit_days=3651",
                           "toxicity.vpin_buckets=1001",
                           "guards.on_flip=reduce:1e-17"}) {
    EXPECT_THROW(set(config, text), UsageError) << text;
  }
  for (const char* text :
       {"crowding.theta=0.001", "thresholds.quantile_min_count=2", "pressure.weights=[0, 0, 1]",
        "toxicity.tau=1", "run.cadence=1m", "crowding.d_oi_window=5m", "exchange.leverage=1",
        "exchange.impact_ticks_per_level=0", "exchange.data_latency=recorded",
        "exit.max_hold=3650d", "run.warmup=3650d", "exchange.data_latency=lognormal:60m:5",
        "crowding.funding_z_events=87600", "crowding.funding_min_count=87600",
        "volatility.har_min_days=3650", "volatility.har_fit_days=3650",
        "toxicity.vpin_buckets=1000", "guards.on_flip=reduce:1e-16"}) {
    EXPECT_NO_THROW(set(config, text)) << text;
  }
}

}  // namespace
}  // namespace toxvol::config
