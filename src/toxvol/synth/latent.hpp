#pragma once

#include <cstdint>

#include "toxvol/core/time.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"

namespace toxvol::synth {

/// What stands behind one minute: its volatility, pace, order-flow pressure and crowding. None of
/// it is a factor of the strategy; the files show it only through trades, quotes and the rest.
struct Minute {
  double sigma = 0.0;     // of the log price over the minute
  double activity = 1.0;  // times the mean rates
  double pressure = 0.0;  // persistent imbalance of the takers, about N(0, 1)
  double drift = 0.0;     // of the log price over the minute; 0 without a plant
  double crowd = 0.0;     // > 0: crowded long, about N(0, 1)
};

/// Seconds come in two kinds: in the fast ones, 6.5 % of them and often several in a row, there are
/// more rows and more movement. The means of both factors are 1.
class FastSeconds {
 public:
  /// Tells whether the kind changed.
  bool step(Rng& rng) {
    const bool before = fast_;
    fast_ = rng.chance(fast_ ? 0.50 : 0.035);
    return fast_ != before;
  }
  [[nodiscard]] double rate() const { return fast_ ? 5.0 : 0.720; }
  [[nodiscard]] double variance() const { return fast_ ? 8.0 : 0.510; }

 private:
  bool fast_ = false;
};

/// The slow state of the market, one step a minute (docs/synth.md#the-model).
class Latent {
 public:
  explicit Latent(const Params& params);

  /// The minute that opens at `open_ms`. Draws a fixed number of normals, whatever the state.
  [[nodiscard]] Minute step(std::int64_t open_ms, Rng& rng);

 private:
  [[nodiscard]] double planted_drift();

  Plant plant_ = Plant::None;
  double drift_per_pressure_ = 0.0;
  double slow_ = 0.0;            // log volatility, half-life half a day
  double fast_ = 0.0;            // log volatility, half-life an hour
  double pace_ = 0.0;            // log activity of its own, half-life ten minutes
  double pressure_ = 0.0;        // half-life five minutes
  double crowd_ = 0.0;           // half-life a day and a half
  double variance_short_ = 0.0;  // of the latent sigma, half-lives 30 minutes and 6 hours:
  double variance_long_ = 0.0;   // their ratio says whether volatility is compressed
};

}  // namespace toxvol::synth
