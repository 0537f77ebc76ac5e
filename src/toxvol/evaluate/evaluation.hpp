#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/compression.hpp"
#include "toxvol/evaluate/costs.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/evaluate/makers.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/evaluate/vpin.hpp"
#include "toxvol/stats/intervals.hpp"

namespace toxvol::evaluate {

/// The fee a side at which a run's closed positions would have earned nothing (R54).
struct BreakEvenFee {
  std::optional<double> bp{};
  std::optional<stats::Range> range{};
  std::string note;  // why something is missing; empty: nothing is
};

/// How often a bet of so many minutes has to be right to pay its costs (R55).
struct Needed {
  std::int64_t minutes = 0;
  std::optional<double> taker_taker{}, maker_taker{}, maker_maker{};
};

struct Costs {
  std::string tier;
  RoundTrip round_trip;
  double cost_bp = 0.0;              // of the run's own entries and exits
  bool enters_as_maker = false;      // what that is of
  std::optional<double> sigma_bp{};  // median over decision rows, a √minute
  std::vector<Needed> needed;
  Duration horizon{};                           // exit.horizon
  std::optional<std::int64_t> hit_horizon_s{};  // R51's nearest to it
  std::optional<double> hit{};                  // of p there
  std::optional<double> edge_bp{};              // of p there
  std::optional<double> break_even_minutes{};
  std::optional<std::int64_t> crossing_s{};
  std::optional<double> day_volume_usdt{};
  std::optional<double> capacity_usdt{};  // an estimate
};

/// All that `toxvol evaluate` measures of a run.
struct Evaluation {
  std::string symbol;
  Timestamp from{};
  Timestamp to{};
  bool synthetic = false;
  std::string fingerprint;  // of the run
  std::vector<std::string> inputs;
  std::uint64_t seed = 1;
  int resamples = 0;
  std::int64_t rows = 0;  // decision rows
  std::vector<ForecastRow> forecasts;
  std::vector<Compression> compression;
  std::vector<DecayRow> decay;
  Vpin vpin;
  bool has_trades = false;
  std::vector<MarkoutRow> markouts;
  std::vector<AdverseSelection> adverse;
  std::string markouts_note;  // why there are none
  std::vector<LadderRow> ladder;
  std::string ladder_note;  // why there is none
  BreakEvenFee break_even_fee;
  Costs costs;
};

/// R55 and R56 (a), from what else is known. `day_volume` in USDT.
void put_costs(Evaluation& evaluation, const Rows& rows, std::optional<double> day_volume);

/// What it comes to, a sentence each.
struct Verdicts {
  std::string volatility, compression, decay, vpin, makers, costs, capacity;
};
[[nodiscard]] Verdicts verdicts_of(const Evaluation& evaluation);

/// study.json (docs/schemas.md).
[[nodiscard]] std::string evaluation_json(const Evaluation& evaluation);

}  // namespace toxvol::evaluate
