#pragma once

#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/bvc.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/trailing_scale.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {

/// F2's reliability: VPIN and spread, their z-scores and T (T1–T7). Definition:
/// docs/factors/toxicity.md
class Toxicity {
 public:
  struct Values {
    Value vpin, vpin_bvc, z_vpin, z_spread, t;
  };

  Toxicity(const ToxicityParams& params, const VolatilityParams& volatility, const ZParams& z,
           Inputs inputs);

  /// `log_return` of the bar, empty where the minute before has no bar.
  const Values& update(const MinuteRow& row, std::optional<double> log_return,
                       const QuoteWindow::Values& quotes);

 private:
  ToxicityParams params_;
  Inputs inputs_;
  BucketWindow tick_window_;
  BucketWindow bulk_window_;
  BulkBuckets bulk_;
  ZScore z_vpin_;
  ZScore z_spread_;
  TrailingScale scale_;
  Values values_;
};

/// F2 and whether it can be trusted (T8, T9). `t`, `tau_t`, `t_rank`, `p` as in the row.
struct Gated {
  std::optional<bool> toxic;
  Value f2;
};
[[nodiscard]] Gated gate(Value t, Value tau_t, Value p, ToxicityGate rule);

}  // namespace toxvol::factors
