#include "toxvol/factors/volatility.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/range_estimators.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

// Z5.
constexpr double kCompressionFloor = 0.01;
// V10: outside of these a ratio says more about the window than about the estimator.
constexpr double kRatioLeast = 0.5;
constexpr double kRatioMost = 2.0;

}  // namespace

Volatility::Volatility(const VolatilityParams& params, const ZParams& z)
    : params_{params},
      yang_zhang_{params.yz_n},
      realized_{params.half_life_short / kMinute},
      short_{params.half_life_short / kMinute},
      long_{params.half_life_long / kMinute},
      compression_{{.window = params.z_window,
                    .min_count = params.z_min_count,
                    .floor = kCompressionFloor,
                    .clip = z.clip,
                    .fixed = z.vc}},
      har_{params},
      ratio_{params.z_window / kMinute} {
  if (params.estimator == VolatilityEstimator::Yz) {
    yz_pair_ = {.shorter = YangZhang{params.half_life_short / kMinute},
                .longer = YangZhang{params.half_life_long / kMinute}};
  }
  if (params.diurnal) diurnal_.emplace();
}

const VolatilityValues& Volatility::update(const Bar& bar) {
  const Timestamp ts = bar.ts_event;
  Value r;
  Value opening;
  if (previous_ && previous_->ts + kMinute == ts) {  // V3
    r = log_ratio(bar.close, previous_->close);
    opening = log_ratio(bar.open, previous_->close);
  }
  previous_ = {.ts = ts, .close = bar.close};
  const double body = log_ratio(bar.close, bar.open);

  values_ = {};
  values_.var_parkinson = parkinson_variance(bar);
  values_.var_gk = garman_klass_variance(bar);
  const double rogers_satchell = rogers_satchell_variance(bar);
  values_.var_rs = rogers_satchell;

  yang_zhang_.update(ts, opening, body, rogers_satchell);
  if (const Value v = yang_zhang_.variance()) values_.vol_yz = std::sqrt(*v);
  realized_.update(ts, r);
  values_.rv = realized_.rv();
  values_.rs_minus = realized_.rs_minus();
  values_.rs_plus = realized_.rs_plus();
  values_.bipower = realized_.bipower();
  har_.update(ts, r);
  values_.har = har_.composite();
  values_.har_log = har_.fitted();

  // V1: what the smoothing sees of a bar without volume is nothing.
  const Value fed = bar.volume > Qty{} ? estimated_variance(r, opening) : Value{};
  const Timestamp open_time = ts - kMinute;
  const Value diurnal_factor = diurnal_ ? diurnal_->factor(open_time) : Value{1.0};
  const ShortLong variance = smoothed(bar, opening, body, fed, diurnal_factor);
  if (variance.shorter) values_.gk_short = std::sqrt(*variance.shorter);
  if (variance.longer) values_.gk_long = std::sqrt(*variance.longer);
  if (variance.shorter && variance.longer && *variance.shorter > 0.0 && *variance.longer > 0.0) {
    values_.vc = 0.5 * std::log(*variance.shorter / *variance.longer);  // V7
  }
  values_.f1 = compression_.update(ts, values_.vc ? Value{-*values_.vc} : Value{});
  values_.sigma = sigma(variance.shorter, debiasing_ratio(ts, r, fed), diurnal_factor);

  if (diurnal_ && fed) diurnal_->update(open_time, *fed);
  return values_;
}

bool Volatility::is_range_estimator() const {
  return params_.estimator != VolatilityEstimator::Rv &&
         params_.estimator != VolatilityEstimator::Yz;
}

Value Volatility::estimated_variance(Value r, Value opening) const {
  switch (params_.estimator) {
    case VolatilityEstimator::Gk:
      return values_.var_gk;
    case VolatilityEstimator::GkGap:  // M30; without a bar before there is no jump to add
      return values_.var_gk ? Value{*values_.var_gk + opening.value_or(0.0) * opening.value_or(0.0)}
                            : Value{};
    case VolatilityEstimator::Rs:
      return values_.var_rs;
    case VolatilityEstimator::Parkinson:
      return values_.var_parkinson;
    case VolatilityEstimator::Rv:
      return r ? Value{*r * *r} : Value{};
    case VolatilityEstimator::Yz:
      return std::nullopt;
  }
  return std::nullopt;
}

Volatility::ShortLong Volatility::smoothed(const Bar& bar, Value opening, double body, Value fed,
                                           Value diurnal_factor) {
  if (yz_pair_) {  // V6
    const double range = rogers_satchell_variance(bar);
    yz_pair_->shorter.update(bar.ts_event, opening, body, range);
    yz_pair_->longer.update(bar.ts_event, opening, body, range);
    return {.shorter = yz_pair_->shorter.variance(), .longer = yz_pair_->longer.variance()};
  }
  if (!diurnal_factor) return {};  // V11
  if (fed) {
    short_.update(*fed / *diurnal_factor);
    long_.update(*fed / *diurnal_factor);
  }
  return {.shorter = short_.value(), .longer = long_.value()};
}

double Volatility::debiasing_ratio(Timestamp ts, Value r, Value fed) {
  if (!is_range_estimator()) return 1.0;
  ratio_.advance(ts);
  if (r && fed) ratio_.add(ts, {*r * *r, *fed});
  if (ratio_.count() < params_.z_min_count) return 1.0;
  const double returns = ratio_.raw(0);
  const double variances = ratio_.raw(1);
  if (!(variances > 0.0)) return returns > 0.0 ? kRatioMost : 1.0;
  return std::clamp(returns / variances, kRatioLeast, kRatioMost);
}

Value Volatility::sigma(Value short_variance, double ratio, Value diurnal_factor) const {
  if (!short_variance || !diurnal_factor) return std::nullopt;
  double variance = ratio * *short_variance;
  if (values_.har) {  // V10
    const auto [range_weight, har_weight] = params_.sigma_weights;
    variance = (range_weight * variance +
                har_weight * (*values_.har / static_cast<double>(kMinutesPerDay))) /
               (range_weight + har_weight);
  }
  return std::sqrt(*diurnal_factor * variance);
}

}  // namespace toxvol::factors
