#include "toxvol/factors/crowding.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/z_sum.hpp"

namespace toxvol::factors {
namespace {

// C1: the exchange's interest rate in eight hours, at which funding says nothing of crowds.
constexpr double kBaselineRate = 0.0001;
constexpr double kBaselineHours = 8.0;
// Z5: floors of the standard deviations.
constexpr double kFundingFloor = 2e-5;
constexpr double kOiFloor = 1e-4;
constexpr double kRatioFloor = 1e-3;
// C3, C5.
constexpr Duration kMetricsAge = std::chrono::minutes{30};
constexpr int kFundingIntervals = 2;
constexpr Duration kFundingGrace = std::chrono::hours{1};  // N2: after the interval
constexpr Duration kStampSlack = std::chrono::minutes{10};
// What a settlement and a stamp usually stand for, where windows count minutes (E17, E4).
constexpr Duration kSettlement = std::chrono::hours{8};
constexpr Duration kStamp = std::chrono::minutes{5};

// C5: what is not positive has no logarithm and is no observation.
Value positive(const std::optional<double>& x) {
  return x && *x > 0.0 ? x : std::nullopt;
}
Value log_of(Value x) {
  return x ? Value{std::log(*x)} : std::nullopt;
}

Value sign_of(Value x) {
  if (!x) return std::nullopt;
  return static_cast<double>((*x > 0.0) - (*x < 0.0));
}

}  // namespace

FundingZ::FundingZ(const CrowdingParams& params, const ZParams& z)
    : centre_{params.funding_centre},
      min_count_{params.funding_min_count},
      clip_{z.clip},
      excess_{params.funding_z_events},
      plain_{{.events = params.funding_z_events,
              .min_count = params.funding_min_count,
              .floor = kFundingFloor,
              .clip = z.clip}} {
  if (centre_ != FundingCentre::Minutes) return;
  by_minute_.emplace(ZScore::Params{.window = params.funding_z_events * kSettlement,
                                    .min_count = params.funding_min_count * (kSettlement / kMinute),
                                    .floor = kFundingFloor,
                                    .clip = z.clip});
}

Value FundingZ::update(double rate8) {
  if (centre_ == FundingCentre::Minutes) return std::nullopt;
  if (centre_ == FundingCentre::Mean) return plain_.update(rate8);
  const double excess = rate8 - kBaselineRate;
  Value z;
  if (excess_.count() >= min_count_) {
    z = clip(excess / std::max(excess_.rms(), kFundingFloor), clip_);
  }
  excess_.add(excess);
  return z;
}

Value FundingZ::update(Timestamp ts, Value rate8) {
  return by_minute_ ? by_minute_->update(ts, rate8) : std::nullopt;
}

Inputs crowding_kinds(const CrowdingParams& params) {
  const auto& w = params.weights;
  // The change of open interest may take its sign from funding (C7).
  const bool signs_by_funding = w[1] != 0.0 && params.d_oi_sign == DOiSign::Funding;
  return {.metrics = w[1] != 0.0 || w[2] != 0.0 || w[3] != 0.0,
          .funding = w[0] != 0.0 || signs_by_funding || params.leave == CrowdingLeave::Funding};
}

Crowding::Crowding(const CrowdingParams& params, const ZParams& z, const DelayParams& delays,
                   const LimitParams& limits, Inputs inputs)
    : params_{params},
      z_{z},
      delays_{delays},
      limits_{limits},
      inputs_{inputs},
      kinds_{crowding_kinds(params)},
      z_funding_{params, z},
      z_d_oi_{{.window = params.oi_z_window,
               .min_count = params.z_min_count *
                            (params.d_oi_grid == DOiGrid::Minutes ? kStamp / kMinute : 1),
               .floor = kOiFloor,
               .clip = z.clip,
               .fixed = z.d_oi}},
      z_ls_{{.window = params.ls_z_window,
             .min_count = params.z_min_count,
             .floor = kRatioFloor,
             .clip = z.clip,
             .fixed = z.ls}},
      z_tls_{{.window = params.ls_z_window,
              .min_count = params.z_min_count,
              .floor = kRatioFloor,
              .clip = z.clip,
              .fixed = z.tls}},
      regime_{params.theta, params.theta_exit, params.min_dwell, params.leave} {}

void Crowding::on(const Metrics& metrics) {
  if (inputs_.metrics) waiting_metrics_.push_back(metrics);
}

void Crowding::on(const Funding& funding) {
  if (inputs_.funding) waiting_funding_.push_back(funding);
}

void Crowding::admit(const Bar& bar) {
  const Timestamp now = bar.ts_init + delays_.bar_delay;
  while (!waiting_metrics_.empty() &&
         waiting_metrics_.front().ts_init + delays_.metrics_delay < now) {  // C2
    apply(waiting_metrics_.front());
    waiting_metrics_.pop_front();
  }
  while (!waiting_funding_.empty() &&
         waiting_funding_.front().ts_init + delays_.funding_delay < now) {
    apply(waiting_funding_.front());
    waiting_funding_.pop_front();
  }
}

void Crowding::apply(const Funding& funding) {
  const double rate = funding.rate.to_double();
  funding_.calc_time = funding.ts_event;
  funding_.interval = std::chrono::hours{funding.interval_hours};
  funding_.rate = rate;
  funding_.rate8 = rate * kBaselineHours / funding.interval_hours;
  funding_.z = z_funding_.update(*funding_.rate8);
}

const std::optional<double>& Crowding::chosen_ratio(const Metrics& metrics) const {
  switch (params_.ls) {
    case LsRatio::CountLongShort:
      return metrics.count_ls;
    case LsRatio::ToptraderCount:
      return metrics.toptrader_count_ls;
    case LsRatio::ToptraderSum:
      return metrics.toptrader_sum_ls;
  }
  return metrics.count_ls;
}

void Crowding::apply(const Metrics& metrics) {
  const Timestamp stamp = metrics.ts_event;
  if (metrics_.stamp && stamp <= *metrics_.stamp) return;  // one record a stamp
  const Value oi = positive(metrics.open_interest);
  if (oi && !scale_.accepts(stamp, *oi)) return;  // N9: no record
  metrics_.stamp = stamp;
  metrics_.oi = oi;
  if (params_.d_oi_grid == DOiGrid::Stamps) {
    metrics_.d_oi = oi_change(stamp, log_of(metrics_.oi));
    metrics_.z_d_oi = z_d_oi_.update(stamp, metrics_.d_oi);  // C6
  }
  metrics_.ls = positive(chosen_ratio(metrics));
  metrics_.z_ls = z_ls_.update(stamp, log_of(metrics_.ls));
  metrics_.tls = positive(metrics.taker_ls);
  metrics_.z_tls = z_tls_.update(stamp, log_of(metrics_.tls));
}

Value Crowding::oi_change(Timestamp stamp, Value log_oi) {
  const Timestamp latest = stamp - params_.d_oi_window;
  while (!stamps_.empty() && stamps_.front().ts < latest - kStampSlack) stamps_.pop_front();
  Value before;
  for (std::size_t i = 0; i < stamps_.size() && stamps_[i].ts <= latest; ++i) {
    before = stamps_[i].log_oi;
  }
  stamps_.push_back({.ts = stamp, .log_oi = log_oi});
  if (!log_oi || !before) return std::nullopt;
  return *log_oi - *before;
}

void Crowding::change_by_minute(Timestamp ts) {
  const Value log_oi = log_of(values_.oi);
  Value before;
  if (last_row_ && last_row_->ts == ts - kMinute) before = last_row_->log_oi;
  if (log_oi && before) values_.d_oi = *log_oi - *before;
  values_.z_d_oi = z_d_oi_.update(ts, values_.d_oi);
  last_row_ = {.ts = ts, .log_oi = log_oi};
}

Value Crowding::return_sign(const Bar& bar) {
  const Timestamp earlier = bar.ts_event - params_.d_oi_window;
  while (!closes_.empty() && closes_.front().ts < earlier) closes_.pop_front();
  Value sign;
  if (!closes_.empty() && closes_.front().ts == earlier) {
    const Price before = closes_.front().close;
    sign = static_cast<double>((bar.close > before) - (bar.close < before));
  }
  closes_.push_back({.ts = bar.ts_event, .close = bar.close});
  return sign;
}

Value Crowding::oi_sign(const Bar& bar) {
  switch (params_.d_oi_sign) {
    case DOiSign::Funding:
      return sign_of(values_.fund_z);
    case DOiSign::Ls:
      return sign_of(values_.z_ls);
    case DOiSign::Return:
      return return_sign(bar);
    case DOiSign::Document:
      return 1.0;
    case DOiSign::Multiplier:
      break;  // has no part to sign
  }
  return std::nullopt;
}

void Crowding::see_overdue(Timestamp end) {
  values_.metrics_overdue =
      inputs_.metrics && (!metrics_.stamp || end - *metrics_.stamp > limits_.metrics);
  const Duration limit = limits_.funding.value_or(funding_.interval + kFundingGrace);
  values_.funding_overdue =
      inputs_.funding && (!funding_.calc_time || end - *funding_.calc_time > limit);
}

const Crowding::Values& Crowding::update(const Bar& bar) {
  admit(bar);
  values_ = {};
  values_.regime = regime_.state();
  const Timestamp end = bar.ts_event;
  see_overdue(end);
  const bool knows_funding =
      funding_.calc_time && end - *funding_.calc_time <= kFundingIntervals * funding_.interval;
  if (knows_funding) {  // C3
    values_.funding = funding_.rate;
    values_.fund_z = funding_.z;
  }
  if (params_.funding_centre == FundingCentre::Minutes) {
    values_.fund_z = z_funding_.update(end, knows_funding ? funding_.rate8 : std::nullopt);
  }
  if (metrics_.stamp && end - *metrics_.stamp <= kMetricsAge) {  // C3
    values_.metrics_stamp = metrics_.stamp;
    values_.oi = metrics_.oi;
    values_.d_oi = metrics_.d_oi;
    values_.z_d_oi = metrics_.z_d_oi;
    values_.ls = metrics_.ls;
    values_.z_ls = metrics_.z_ls;
    values_.tls = metrics_.tls;
    values_.z_tls = metrics_.z_tls;
  }
  if (params_.d_oi_grid == DOiGrid::Minutes) change_by_minute(end);
  const Value sign = oi_sign(bar);
  if (!inputs_.funding) return values_;  // C9: neutral, even with metrics
  if ((values_.metrics_overdue && kinds_.metrics) || (values_.funding_overdue && kinds_.funding)) {
    values_.regime.reset();  // N3: the machine does not step, and its state is not shown
    return values_;
  }
  values_.c = index(sign);
  values_.is_known = values_.c.has_value();
  if (values_.is_known) values_.regime = regime_.update(end, values_.c, values_.fund_z);
  return values_;
}

Value Crowding::index(Value sign) const {
  const auto& w = params_.weights;
  const bool multiplies = params_.d_oi_sign == DOiSign::Multiplier;
  ZSum sum{z_.scale};
  sum.add(w[0], values_.fund_z);
  if (!multiplies) {
    sum.add(w[1], sign && values_.z_d_oi ? Value{*sign * *values_.z_d_oi} : std::nullopt);  // C7
  }
  sum.add(w[2], values_.z_ls);
  sum.add(w[3], values_.z_tls);
  const Value c = sum.of_present();
  if (!multiplies || !c || w[1] == 0.0 || !values_.z_d_oi) return c;
  return *c * (1.0 + *values_.z_d_oi / z_.clip);  // E3: a factor from 0 to 2
}

}  // namespace toxvol::factors
