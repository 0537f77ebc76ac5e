#include "toxvol/factors/model.hpp"

#include <chrono>
#include <cmath>
#include <memory>
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
#include "toxvol/factors/shared_part.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {
namespace {

FactorParams checked(FactorParams params) {
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

TrailingQuantiles::TrailingQuantiles(Duration window, const FactorParams& params, double first,
                                     double second)
    : prior_{window},
      min_count_{quantile_min_count(params.thresholds.quantile_min_count, window, params.cadence)},
      first_{first},
      second_{second} {}

TrailingQuantiles::Values TrailingQuantiles::update(Timestamp ts, bool decides, Value value) {
  prior_.advance(ts);
  const Values values{.first = prior_.quantile(first_, min_count_),
                      .second = prior_.quantile(second_, min_count_)};
  if (decides && value) prior_.add(ts, *value);  // G7
  return values;
}

namespace {

bool have_same_volatility(const FactorParams& a, const FactorParams& b) {
  return a.volatility == b.volatility && a.z == b.z;
}
// What is overdue, too, decides what it is shown.
bool have_same_pressure(const FactorParams& a, const FactorParams& b) {
  return a.pressure == b.pressure && a.z == b.z && a.limits == b.limits;
}
bool have_same_quantiles(const FactorParams& a, const FactorParams& b) {
  return a.quantiles == b.quantiles && a.cadence == b.cadence &&
         a.thresholds.quantile_min_count == b.thresholds.quantile_min_count;
}

template <class Part>
typename Part::User user_of(const std::shared_ptr<Part>& shared, auto make) {
  return typename Part::User{shared ? shared : std::make_shared<Part>(make())};
}

}  // namespace

void FactorParts::add_same(const FactorParams& own, const FactorParams& theirs,
                           const FactorParts& made) {
  const bool quantiles = have_same_quantiles(own, theirs);
  if (have_same_volatility(own, theirs)) {
    volatility = made.volatility;
    if (quantiles) compression = made.compression;
  }
  if (have_same_pressure(own, theirs)) {
    pressure = made.pressure;
    if (quantiles) strength = made.strength;
  }
}

FactorModel::FactorModel(const FactorParams& params, Inputs inputs, const FactorParts& parts)
    : params_{checked(params)},
      inputs_{inputs},
      present_{inputs},
      volatility_{
          user_of(parts.volatility, [&] { return Volatility{params.volatility, params.z}; })},
      pressure_{
          user_of(parts.pressure, [&] { return Pressure{params.pressure, params.z, inputs}; })},
      toxicity_{params.toxicity, params.volatility, params.z, inputs},
      crowding_{params.crowding, params.z, params.data, params.limits, inputs},
      compression_{user_of(parts.compression,
                           [&] {
                             return TrailingQuantiles{params.volatility.z_window, params,  // A1
                                                      params.quantiles.compression,
                                                      params.quantiles.compression};
                           })},
      strength_{user_of(parts.strength,
                        [&] {
                          return TrailingQuantiles{params.pressure.z_window, params,
                                                   params.quantiles.pressure,
                                                   params.quantiles.pressure_b};
                        })},
      tau_{params.toxicity.tau_window},
      tau_min_count_{quantile_min_count(params.thresholds.quantile_min_count,
                                        params.toxicity.tau_window, params.cadence)} {
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
  const Value p = row_.pressure.p;
  const Value t = row_.toxicity.t;
  const auto f1 = compression_.update(row_.ts, row_.decides, row_.volatility.f1);
  const auto strength = strength_.update(row_.ts, row_.decides, p ? Value{std::abs(*p)} : Value{});
  tau_.advance(row_.ts);
  Thresholds& found = row_.thresholds;
  const ThresholdParams& fixed = params_.thresholds;
  found.q_f1 = fixed.f1 ? fixed.f1 : f1.first;
  found.q_p = fixed.p ? fixed.p : strength.first;
  found.q_p_b = fixed.p_b ? fixed.p_b : strength.second;
  found.tau_t = fixed.t ? fixed.t : tau_.quantile(params_.toxicity.tau, tau_min_count_);
  found.t_rank = t ? tau_.rank(*t, tau_min_count_) : std::nullopt;
  row_.gated = gate(t, found.tau_t, p, params_.toxicity.gate);
  if (row_.decides && t) tau_.add(row_.ts, *t);  // G7
}

}  // namespace toxvol::factors
