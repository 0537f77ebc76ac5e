#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"
#include "toxvol/synth/ticks.hpp"

namespace toxvol::synth {

/// Minutes without ticks: a kline from steps of a second or less of the same price process, with
/// volumes of the same level as the tick days' (a test compares them).
class CoarseMarket {
 public:
  CoarseMarket(const Params& params, const Contract& contract);

  [[nodiscard]] KlineRow minute(std::int64_t open_ms, const Minute& latent, Rng& rng);
  [[nodiscard]] double log_price() const { return log_price_; }

 private:
  double start_ticks_ = 0.0;
  Pace pace_;
  double lots_per_minute_ = 0.0;
  int steps_ = 60;  // in a minute
  FastSeconds seconds_;
  double log_price_ = 0.0;
  std::int64_t last_ = 0;
};

/// Open interest, positioning ratios and funding, from the minutes' flow and the crowding behind it
/// (docs/synth.md#metrics-and-funding).
class Positioning {
 public:
  Positioning(const Params& params, const Contract& contract);

  /// The settlement due as a minute opens, every eight hours; call before `close_minute`.
  [[nodiscard]] std::optional<FundingSample> open_minute(std::int64_t open_ms, const Minute& latent,
                                                         Rng& rng);
  /// The snapshot due as a minute closes, every five minutes.
  [[nodiscard]] std::optional<MetricsSample> close_minute(const KlineRow& kline,
                                                          const Minute& latent, Rng& rng);

 private:
  double mark_e4_per_tick_ = 0.0;
  double log_open_interest_ = 0.0;
  double base_open_interest_ = 0.0;
  double retail_ = 0.0;  // positioning of its own, half-life half a day
  double trend_ = 0.0;   // recent return, half-life four hours
  double top_ = 0.0;
  double premium_sum_ = 0.0;  // of crowd over the minutes since the last settlement
  int premium_minutes_ = 0;
  std::int64_t buy_lots_ = 0;  // since the last snapshot
  std::int64_t sell_lots_ = 0;
};

/// A premium index turned into the rate that Binance publishes: premium + clamp(0.01 % − premium,
/// ±0.05 %), capped at ±0.3 % (D10). Both in units of 1e-8.
[[nodiscard]] std::int64_t funding_rate_e8(std::int64_t premium_e8);

}  // namespace toxvol::synth
