#include "toxvol/factors/model.hpp"

#include <chrono>
#include <cmath>
#include <optional>

#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/problem.hpp"
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
  refuse_any(check(params));
  if (params.thresholds.fit == ThresholdFit::Sample) {
    throw Error{
        "thresholds.fit = \"sample\": takes two passes over the window, the first to find the "
        "thresholds; `toxvol backtest` and the studies make both",
        ErrorCode::Config};
  }
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
      volatility_{params.volatility, params.z},
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
  row_.crowding = crowding_.update(bar);
  see_overdue(row);
  write_market(row);
  row_.volatility = volatility_.update(bar);
  row_.pressure = pressure_.update(row, !row_.overdue.quotes);
  row_.toxicity = toxicity_.update(row, r, row_.pressure.quotes, !row_.overdue.trades,
                                   {.sigma = row_.volatility.sigma, .svi = row_.pressure.svi});
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
  overdue.metrics = row_.crowding.metrics_overdue;
  overdue.funding = row_.crowding.funding_overdue;
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

void FactorModel::write_thresholds() {
  compression_.prior.advance(row_.ts);
  strength_.prior.advance(row_.ts);
  tau_.prior.advance(row_.ts);
  const QuantileParams& levels = params_.quantiles;
  const Value t = row_.toxicity.t;
  Thresholds& found = row_.thresholds;
  const ThresholdParams& fixed = params_.thresholds;
  const auto threshold = [](const std::optional<double>& number, const Threshold& trailing,
                            double level) {
    return number ? number : trailing.prior.quantile(level, trailing.min_count);
  };
  found.q_f1 = threshold(fixed.f1, compression_, levels.compression);
  found.q_p = threshold(fixed.p, strength_, levels.pressure);
  found.q_p_b = threshold(fixed.p_b, strength_, levels.pressure_b);
  found.tau_t = threshold(fixed.t, tau_, params_.toxicity.tau);
  found.t_rank = t ? tau_.prior.rank(*t, tau_.min_count) : std::nullopt;
  row_.gated = gate(t, found.tau_t, row_.pressure.p, params_.toxicity.gate);
}

void FactorModel::learn() {  // G7
  if (const Value f1 = row_.volatility.f1) compression_.prior.add(row_.ts, *f1);
  if (const Value p = row_.pressure.p) strength_.prior.add(row_.ts, std::abs(*p));
  if (const Value t = row_.toxicity.t) tau_.prior.add(row_.ts, *t);
}

}  // namespace toxvol::factors
