#pragma once

#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/bvc.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/rolling_regression.hpp"
#include "toxvol/factors/trailing_scale.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {

/// Kyle's lambda: how far the price goes with a net volume, as the slope of the minutes' returns on
/// their signed volumes over the last `kyle_window` (T10). Definition: docs/factors/kyle_lambda.md
class KyleLambda {
 public:
  explicit KyleLambda(Duration window);

  /// In bp per base unit; empty below half of the window's minutes, and where their signed volumes
  /// do not differ. A minute counts if it has a `log_return` and its trades are there.
  Value update(const MinuteRow& row, std::optional<double> log_return, bool trades_known);

 private:
  MinuteSums<4> sums_;  // x, y, x², xy of the minutes that count
};

/// F2's reliability: VPIN and spread, their z-scores and T (T1–T7); beside them Kyle's lambda.
/// Definition: docs/factors/toxicity.md
class Toxicity {
 public:
  struct Values {
    Value vpin, vpin_bvc, z_vpin, z_spread, t;
    Value vpin_residual;  // with vpin_of = "residual", what z_vpin is of
    Value kyle_lambda;
  };
  /// What else of the row VPIN may be explained by (E5).
  struct Explaining {
    Value sigma, svi;
  };

  Toxicity(const ToxicityParams& params, const VolatilityParams& volatility, const ZParams& z,
           Inputs inputs);

  /// `log_return` of the bar, empty where the minute before has no bar. `trades_known`: the last
  /// trade is not overdue (N2).
  const Values& update(const MinuteRow& row, std::optional<double> log_return,
                       const QuoteWindow::Values& quotes, bool trades_known,
                       const Explaining& explaining = {});

 private:
  /// What the past says that volume, volatility and |SVI| do not explain of `vpin` (T11).
  [[nodiscard]] Value residual(RollingRegression& explained, const Bar& bar, Value vpin,
                               const Explaining& explaining) const;

  ToxicityParams params_;
  Inputs inputs_;
  BucketWindow tick_window_;
  BucketWindow bulk_window_;
  BulkBuckets bulk_;
  std::optional<RollingRegression> explained_;  // vpin_of = "residual"
  ZScore z_vpin_;
  ZScore z_spread_;
  ZScale sum_scale_;
  TrailingScale scale_;
  KyleLambda kyle_lambda_;
  Values values_;
};

/// F2 and whether it can be trusted (T8, T9). `t`, `tau_t`, `p` as in the row.
struct Gated {
  std::optional<bool> toxic;
  Value f2;
};
[[nodiscard]] Gated gate(Value t, Value tau_t, Value p, ToxicityGate rule);

}  // namespace toxvol::factors
