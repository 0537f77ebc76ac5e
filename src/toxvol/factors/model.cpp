#include "toxvol/factors/model.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/mode.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/params_check.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {
namespace {

const FactorParams& checked(const FactorParams& params) {
  validate(params);
  return params;
}

}  // namespace

FactorModel::Threshold::Threshold(Duration window, const FactorParams& params)
    : prior{window},
      min_count{quantile_min_count(params.thresholds.quantile_min_count, window, params.cadence)} {}

FactorModel::FactorModel(const FactorParams& params, Inputs inputs)
    : params_{checked(params)},
      inputs_{inputs},
      present_{inputs},
      volatility_{params.volatility, params.z.clip},
      pressure_{params.pressure, params.z, inputs},
      toxicity_{params.toxicity, params.volatility, params.z, inputs},
      crowding_{params.crowding, params.z, params.data, params.limits, inputs},
      compression_{params.volatility.z_window, params},  // A1
      strength_{params.pressure.z_window, params},
      tau_{params.toxicity.tau_window, params} {
  row_.mode = mode_text(inputs);
}

const FactorRow& FactorModel::update(const MinuteRow& row) {
  const Bar& bar = row.bar;
  const std::optional<double> r = log_return(bar);
  const Crowding::Values& crowding = crowding_.update(bar);
  write_crowding(crowding);
  see_overdue(row);
  write_market(row);
  write_volatility(volatility_.update(bar));
  const Pressure::Values& pressure = pressure_.update(row, !row_.overdue.quotes);
  write_pressure(pressure);
  write_toxicity(toxicity_.update(row, r, pressure.quotes));
  write_thresholds();
  if (row_.decides) learn();
  return row_;
}

std::optional<double> FactorModel::log_return(const Bar& bar) {
  std::optional<double> r;
  if (previous_ && previous_->ts == bar.ts_event - kMinute) {  // V3
    r = std::log(static_cast<double>(bar.close.raw()) /
                 static_cast<double>(previous_->close.raw()));
  }
  previous_ = {.ts = bar.ts_event, .close = bar.close};
  return r;
}

void FactorModel::see_overdue(const MinuteRow& row) {
  const Timestamp end = row.bar.ts_event;
  const LimitParams& limits = params_.limits;
  Inputs& overdue = row_.overdue;
  overdue.quotes =
      inputs_.quotes && (!row.last_quote || end - row.last_quote->ts_event > limits.quote);
  overdue.trades = inputs_.trades && row.bar.volume > Qty{} &&
                   (!row.last_trade || end - *row.last_trade > limits.trade);
  const Inputs present = {.trades = inputs_.trades && !overdue.trades,
                          .quotes = inputs_.quotes && !overdue.quotes,
                          .bars = true,
                          .metrics = inputs_.metrics && !overdue.metrics,
                          .funding = inputs_.funding && !overdue.funding};
  if (present == present_) return;
  present_ = present;
  row_.mode = mode_text(present);
}

void FactorModel::write_market(const MinuteRow& row) {
  row_.ts = row.bar.ts_event;
  row_.ts_init = row.bar.ts_init;
  row_.close = row.bar.close;
  row_.decides = row_.ts.time_since_epoch() % params_.cadence == Duration::zero();  // G1
  row_.bid.reset();
  row_.ask.reset();
  row_.quote_age_s.reset();
  if (!inputs_.quotes || !row.last_quote) return;
  const Quote& quote = *row.last_quote;
  row_.quote_age_s = std::chrono::duration<double>{row_.ts - quote.ts_event}.count();
  if (row_.overdue.quotes) return;
  row_.bid = quote.bid;
  row_.ask = quote.ask;
}

void FactorModel::write_volatility(const VolatilityValues& values) {
  row_.var_parkinson = values.var_parkinson;
  row_.var_gk = values.var_gk;
  row_.var_rs = values.var_rs;
  row_.vol_yz = values.vol_yz;
  row_.rv = values.rv;
  row_.rs_minus = values.rs_minus;
  row_.rs_plus = values.rs_plus;
  row_.bipower = values.bipower;
  row_.gk_short = values.gk_short;
  row_.gk_long = values.gk_long;
  row_.vc = values.vc;
  row_.f1 = values.f1;
  row_.har = values.har;
  row_.har_log = values.har_log;
  row_.sigma = values.sigma;
}

void FactorModel::write_pressure(const Pressure::Values& values) {
  row_.obi = values.obi;
  row_.svi = values.svi;
  row_.svi_empty = values.svi_empty;
  row_.ofi = values.quotes.ofi;
  row_.ofi_norm = values.quotes.ofi_norm;
  row_.spread_ticks = values.quotes.spread_ticks;
  row_.z_obi = values.z_obi;
  row_.z_svi = values.z_svi;
  row_.z_ofi = values.z_ofi;
  row_.p = values.p;
}

void FactorModel::write_toxicity(const Toxicity::Values& values) {
  row_.vpin = values.vpin;
  row_.vpin_bvc = values.vpin_bvc;
  row_.z_vpin = values.z_vpin;
  row_.z_spread = values.z_spread;
  row_.t = values.t;
}

void FactorModel::write_crowding(const Crowding::Values& values) {
  row_.funding = values.funding;
  row_.fund_z = values.fund_z;
  row_.oi = values.oi;
  row_.d_oi = values.d_oi;
  row_.z_d_oi = values.z_d_oi;
  row_.ls = values.ls;
  row_.z_ls = values.z_ls;
  row_.tls = values.tls;
  row_.z_tls = values.z_tls;
  row_.c = values.c;
  row_.regime = values.regime;
  row_.crowding_known = values.is_known;
  row_.overdue.metrics = values.metrics_overdue;
  row_.overdue.funding = values.funding_overdue;
}

void FactorModel::write_thresholds() {
  compression_.prior.advance(row_.ts);
  strength_.prior.advance(row_.ts);
  tau_.prior.advance(row_.ts);
  const QuantileParams& levels = params_.quantiles;
  row_.q_f1 = compression_.prior.quantile(levels.compression, compression_.min_count);
  row_.q_p = strength_.prior.quantile(levels.pressure, strength_.min_count);
  row_.q_p_b = strength_.prior.quantile(levels.pressure_b, strength_.min_count);
  row_.tau_t = tau_.prior.quantile(params_.toxicity.tau, tau_.min_count);
  row_.t_rank = row_.t ? tau_.prior.rank(*row_.t, tau_.min_count) : std::nullopt;
  const Gated gated = gate(row_.t, row_.tau_t, row_.p, params_.toxicity.gate);
  row_.toxic = gated.toxic;
  row_.f2 = gated.f2;
}

void FactorModel::learn() {  // G7
  if (row_.f1) compression_.prior.add(row_.ts, *row_.f1);
  if (row_.p) strength_.prior.add(row_.ts, std::abs(*row_.p));
  if (row_.t) tau_.prior.add(row_.ts, *row_.t);
}

}  // namespace toxvol::factors
