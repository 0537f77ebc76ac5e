#include "toxvol/factors/toxicity.hpp"

#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/z_sum.hpp"

namespace toxvol::factors {
namespace {

// Z5: floors of the standard deviations.
constexpr double kVpinFloor = 0.005;
constexpr double kSpreadTicksFloor = 0.05;
constexpr double kSpreadRelativeFloor = 1e-7;

ZScore::Params z_params(const ToxicityParams& params, const ZParams& z, double floor) {
  return {
      .window = params.z_window, .min_count = params.z_min_count, .floor = floor, .clip = z.clip};
}

}  // namespace

Toxicity::Toxicity(const ToxicityParams& params, const VolatilityParams& volatility,
                   const ZParams& z, Inputs inputs)
    : params_{params},
      inputs_{inputs},
      tick_window_{params.vpin_buckets},
      bulk_window_{params.vpin_buckets},
      bulk_{volatility.half_life_long / kMinute},
      z_vpin_{z_params(params, z, kVpinFloor)},
      z_spread_{
          z_params(params, z,
                   params.spread == SpreadUnit::Ticks ? kSpreadTicksFloor : kSpreadRelativeFloor)},
      scale_{z.scale, params.z_window, params.z_min_count} {}

const Toxicity::Values& Toxicity::update(const MinuteRow& row, std::optional<double> log_return,
                                         const QuoteWindow::Values& quotes) {
  const Timestamp ts = row.bar.ts_event;
  const Day day = day_of(ts - kMinute);
  values_ = {};
  for (const Bucket& bucket : row.tick_buckets) {
    tick_window_.add(day_of(bucket.ts_event), bucket.imbalance);
  }
  bulk_.update(row.bar, log_return, row.v_star_e8, bulk_window_);
  if (inputs_.trades) values_.vpin = tick_window_.mean(day);
  values_.vpin_bvc = bulk_window_.mean(day);

  const bool is_bulk = params_.classifier == Classifier::Bvc || !inputs_.trades;  // G5
  values_.z_vpin = z_vpin_.update(ts, is_bulk ? values_.vpin_bvc : values_.vpin);
  if (inputs_.quotes) {
    values_.z_spread = z_spread_.update(
        ts, params_.spread == SpreadUnit::Ticks ? quotes.spread_ticks : quotes.spread_relative);
  }
  ZSum sum;  // T7; without quotes VPIN alone
  sum.add(params_.weights[0], values_.z_vpin);
  if (inputs_.quotes) sum.add(params_.weights[1], values_.z_spread);
  values_.t = scale_.update(ts, sum.of_all());
  return values_;
}

Gated gate(Value t, Value tau_t, Value p, ToxicityGate rule) {
  Gated gated;
  if (!t || !tau_t) return gated;
  gated.toxic = *t >= *tau_t;
  if (!p) return gated;
  const bool shuts = rule == ToxicityGate::Hard && *gated.toxic;
  gated.f2 = shuts ? 0.0 : *p;
  return gated;
}

}  // namespace toxvol::factors
