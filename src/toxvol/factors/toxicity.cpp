#include "toxvol/factors/toxicity.hpp"

#include <cmath>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/rolling_regression.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/z_sum.hpp"

namespace toxvol::factors {
namespace {

// Z5: floors of the standard deviations.
constexpr double kVpinFloor = 0.005;
constexpr double kSpreadTicksFloor = 0.05;
constexpr double kSpreadRelativeFloor = 1e-7;

// Signed volumes are all the same where their variance is less than this share of their mean
// square: rounding leaves about 1e-15 of it.
constexpr double kLeastVariance = 1e-9;

ZScore::Params z_params(const ToxicityParams& params, const ZParams& z, double floor,
                        const std::optional<FixedScale>& fixed) {
  return {.window = params.z_window,
          .min_count = params.z_min_count,
          .floor = floor,
          .clip = z.clip,
          .fixed = fixed};
}

}  // namespace

KyleLambda::KyleLambda(Duration window) : sums_{window / kMinute} {}

Value KyleLambda::update(const MinuteRow& row, std::optional<double> log_return,
                         bool trades_known) {
  const Timestamp ts = row.bar.ts_event;
  sums_.advance(ts);
  // A kline with volume and no trade: the trades are absent. Without volume nobody traded.
  const bool is_there = trades_known && (row.trade_count > 0 || row.bar.volume == Qty{});
  if (is_there && log_return) {
    const double x = static_cast<double>(row.signed_volume_e8) / Qty::kOne;
    const double y = kBasisPoints * *log_return;
    sums_.add(ts, {x, y, x * x, x * y});
  }
  if (sums_.count() == 0 || 2 * sums_.count() < sums_.minutes()) return std::nullopt;
  const auto n = static_cast<double>(sums_.count());
  const double mean_x = sums_.raw(0) / n;
  const double squares = sums_.raw(2) - mean_x * sums_.raw(0);
  if (squares <= kLeastVariance * sums_.raw(2)) return std::nullopt;
  return (sums_.raw(3) - mean_x * sums_.raw(1)) / squares;
}

Toxicity::Toxicity(const ToxicityParams& params, const VolatilityParams& volatility,
                   const ZParams& z, Inputs inputs)
    : params_{params},
      inputs_{inputs},
      tick_window_{params.vpin_buckets},
      bulk_window_{params.vpin_buckets},
      bulk_{volatility.half_life_long / kMinute},
      z_vpin_{z_params(params, z, kVpinFloor, z.vpin)},
      z_spread_{z_params(
          params, z, params.spread == SpreadUnit::Ticks ? kSpreadTicksFloor : kSpreadRelativeFloor,
          z.spread)},
      sum_scale_{z.scale},
      scale_{z.scale, params.z_window, params.z_min_count},
      kyle_lambda_{params.kyle_window} {
  if (params.vpin_of == VpinOf::Residual) explained_.emplace(params.z_window);
}

Value Toxicity::residual(RollingRegression& explained, const Bar& bar, Value vpin,
                         const Explaining& explaining) const {
  explained.advance(bar.ts_event);
  if (!vpin || !explaining.sigma || !explaining.svi) return std::nullopt;
  const RollingRegression::Regressors x{std::log1p(bar.volume.to_double()), *explaining.sigma,
                                        std::abs(*explaining.svi)};
  Value left;
  if (explained.count() >= params_.z_min_count) left = explained.residual(*vpin, x);
  explained.add(bar.ts_event, *vpin, x);
  return left;
}

const Toxicity::Values& Toxicity::update(const MinuteRow& row, std::optional<double> log_return,
                                         const QuoteWindow::Values& quotes, bool trades_known,
                                         const Explaining& explaining) {
  const Timestamp ts = row.bar.ts_event;
  const Day day = day_of(ts - kMinute);
  values_ = {};
  for (const Bucket& bucket : row.tick_buckets) {
    tick_window_.add(day_of(bucket.ts_event), bucket.imbalance);
  }
  bulk_.update(row.bar, log_return, row.v_star_e8, bulk_window_);
  if (inputs_.trades) values_.vpin = tick_window_.mean(day);
  values_.vpin_bvc = bulk_window_.mean(day);
  values_.kyle_lambda = kyle_lambda_.update(row, log_return, inputs_.trades && trades_known);

  const bool is_bulk = params_.classifier == Classifier::Bvc || !inputs_.trades;  // G5
  const Value vpin = is_bulk ? values_.vpin_bvc : values_.vpin;
  if (explained_) values_.vpin_residual = residual(*explained_, row.bar, vpin, explaining);
  values_.z_vpin = z_vpin_.update(ts, explained_ ? values_.vpin_residual : vpin);
  if (inputs_.quotes) {
    values_.z_spread = z_spread_.update(
        ts, params_.spread == SpreadUnit::Ticks ? quotes.spread_ticks : quotes.spread_relative);
  }
  ZSum sum{sum_scale_};  // T7; without quotes VPIN alone
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
