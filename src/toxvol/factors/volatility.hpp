#pragma once

#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/diurnal.hpp"
#include "toxvol/factors/ewma.hpp"
#include "toxvol/factors/har.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/realized.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/yang_zhang.hpp"

namespace toxvol::factors {

/// F1's columns of a row, named as in FactorRow. Units: docs/factors/volatility.md
struct VolatilityValues {
  Value var_parkinson, var_gk, var_rs;   // variance per minute, of this bar
  Value vol_yz;                          // per √minute
  Value rv, rs_minus, rs_plus, bipower;  // variance over half_life_short
  Value gk_short, gk_long;               // per √minute
  Value vc;                              // ln(gk_short/gk_long)
  Value f1;                              // z of −vc: high when compressed
  Value har, har_log;                    // variance per day
  Value sigma;                           // per √minute
};

/// F1: everything that the bars alone say about volatility, one row a bar (V1–V11, A7).
/// Definition: docs/factors/volatility.md
class Volatility {
 public:
  /// `check` has no problem with the parameters.
  Volatility(const VolatilityParams& params, const ZParams& z);

  /// One call for each bar that exists, in time order; a missing minute is noticed here. Valid
  /// until the next call.
  const VolatilityValues& update(const Bar& bar);

 private:
  struct Previous {
    Timestamp ts{};
    Price close{};
  };
  /// Variances per minute over the two half-lives.
  struct ShortLong {
    Value shorter, longer;
  };
  struct YangZhangPair {
    YangZhang shorter, longer;
  };

  [[nodiscard]] bool is_range_estimator() const;
  [[nodiscard]] Value estimated_variance(Value r, Value opening) const;
  [[nodiscard]] ShortLong smoothed(const Bar& bar, Value opening, double body, Value fed,
                                   Value diurnal_factor);
  [[nodiscard]] double debiasing_ratio(Timestamp ts, Value r, Value fed);
  [[nodiscard]] Value sigma(Value short_variance, double ratio, Value diurnal_factor) const;

  VolatilityParams params_;
  YangZhang yang_zhang_;
  Realized realized_;
  Ewma short_;
  Ewma long_;
  std::optional<YangZhangPair> yz_pair_;  // estimator "yz" only
  ZScore compression_;
  Har har_;
  MinuteSums<2> ratio_;  // r² and the estimator's variance, of fed bars
  std::optional<Diurnal> diurnal_;
  std::optional<Previous> previous_;
  VolatilityValues values_;
};

}  // namespace toxvol::factors
