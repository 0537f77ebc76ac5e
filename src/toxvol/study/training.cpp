#include "toxvol/study/training.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/day_volumes.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/har.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/vpin.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/fits.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

using Fit = WalkForward::Fit;
using factors::FactorParams;
using factors::FactorRow;
using factors::FixedScale;
using factors::Value;
using factors::ZParams;

bool has(std::span<const Fit> fits, Fit fit) {
  return std::find(fits.begin(), fits.end(), fit) != fits.end();
}

void append(std::vector<double>& values, Value value) {
  if (value) values.push_back(*value);
}
Value log_of(Value value) {
  return value && *value > 0.0 ? Value{std::log(*value)} : Value{};
}

/// What the rows of one run say.
class Rows {
 public:
  Rows(const FactorParams& params, Inputs inputs)
      : params_{params},
        is_bulk_{params.toxicity.classifier == factors::Classifier::Bvc || !inputs.trades} {}

  void add(const FactorRow& row) {
    if (row.decides) {
      append(f1_, row.volatility.f1);
      if (row.pressure.p) p_.push_back(std::abs(*row.pressure.p));
      append(t_, row.toxicity.t);
    }
    append(c_, row.crowding.c);
    add_observables(row);
  }

  void fit_quantiles(FactorParams& params) {
    factors::ThresholdParams& fitted = params.thresholds;
    fitted.fit = factors::ThresholdFit::Walkforward;
    fitted.f1 = fitted_quantile(f1_, params.quantiles.compression);
    fitted.p = fitted_quantile(p_, params.quantiles.pressure);
    fitted.p_b = fitted_quantile(p_, params.quantiles.pressure_b);
    fitted.t = fitted_quantile(t_, params.toxicity.tau);
  }
  void fit_theta(FactorParams& params) {
    factors::CrowdingParams& crowding = params.crowding;
    const auto theta = fitted_theta(c_, crowding.theta);
    if (!theta) return;
    crowding.theta_exit *= *theta / crowding.theta;
    crowding.theta = *theta;
  }
  void fit_scales(FactorParams& params) {
    ZParams& z = params.z;
    for (std::size_t i = 0; i < kScales.size(); ++i) {
      if (const auto scale = fitted_scale(observed_[i])) z.*kScales[i] = scale;
    }
  }

 private:
  static constexpr std::array kScales{&ZParams::vc,   &ZParams::obi,  &ZParams::svi,
                                      &ZParams::ofi,  &ZParams::vpin, &ZParams::spread,
                                      &ZParams::d_oi, &ZParams::ls,   &ZParams::tls};

  /// What each z-score is of: rows for most, stamps for those of metrics. Of several stamps that
  /// became known within one row the last one counts.
  void add_observables(const FactorRow& row) {
    const auto& quotes = row.pressure.quotes;
    const bool by_depth = params_.pressure.ofi_scale == factors::OfiScale::Depth;
    const bool in_ticks = params_.toxicity.spread == factors::SpreadUnit::Ticks;
    const Value vc = row.volatility.vc;
    append(observed_[0], vc ? Value{-*vc} : Value{});
    append(observed_[1], row.pressure.obi);
    append(observed_[2], row.pressure.svi);
    append(observed_[3], by_depth ? quotes.ofi_norm : quotes.ofi);
    append(observed_[4], vpin(row.toxicity));
    append(observed_[5], in_ticks ? quotes.spread_ticks : quotes.spread_relative);
    const auto& crowding = row.crowding;
    const bool by_minute = params_.crowding.d_oi_grid == factors::DOiGrid::Minutes;
    if (by_minute) append(observed_[6], crowding.d_oi);
    if (!crowding.metrics_stamp || crowding.metrics_stamp == stamp_) return;
    stamp_ = crowding.metrics_stamp;
    if (!by_minute) append(observed_[6], crowding.d_oi);
    append(observed_[7], log_of(crowding.ls));
    append(observed_[8], log_of(crowding.tls));
  }

  [[nodiscard]] Value vpin(const factors::Toxicity::Values& toxicity) const {
    if (params_.toxicity.vpin_of == factors::VpinOf::Residual) return toxicity.vpin_residual;
    return is_bulk_ ? toxicity.vpin_bvc : toxicity.vpin;
  }

  FactorParams params_;
  bool is_bulk_;
  std::vector<double> f1_, p_, t_;  // of decision rows; p as its absolute value
  std::vector<double> c_;           // of all rows
  std::array<std::vector<double>, kScales.size()> observed_;
  std::optional<Timestamp> stamp_;
};

/// What the klines of a window say, those of its warm-up included where a fit looks back.
class Bars {
 public:
  Bars(const FactorParams& params, const Window& window)
      : window_{window}, form_{params.volatility.har_form}, har_{params.volatility} {}

  void add(const Bar& bar) {
    const Timestamp open = bar.ts_event - kMinute;
    if (open >= window_.from && open < window_.to) {
      const Day day = day_of(open);
      volumes_.try_emplace(day, day).first->second.add(bar);
    }
    Value r;
    if (previous_ && previous_->ts_event == open) {
      r = std::log(bar.close.to_double() / previous_->close.to_double());
    }
    previous_ = bar;
    har_.update(bar.ts_event, r);
    const auto& day = har_.last_day();
    if (day && day->end != last_day_) {
      last_day_ = day->end;
      add_day(*day);
    }
  }

  void fit_bucket(FactorParams& params) const {
    using Kind = factors::VpinBucketRule::Kind;
    factors::VpinBucketRule& rule = params.toxicity.vpin_bucket;
    if (rule.kind != Kind::Median1m && rule.kind != Kind::Median5m) return;
    std::vector<std::int64_t> pooled;
    for (const auto& [day, volumes] : volumes_) {
      if (volumes.counts()) volumes.pool(factors::pool_width(rule.kind), pooled);
    }
    const std::int64_t size = factors::floored_median(pooled);
    if (size > 0) rule = {.kind = Kind::Base, .amount_e8 = size};
  }
  void fit_har(FactorParams& params) const {
    if (const auto weights = fitted_har_weights(days_)) params.volatility.har_weights = *weights;
  }

 private:
  void add_day(const factors::EndedDay& day) {
    const Timestamp end{day.end};
    if (end - kDay < window_.from || end > window_.to || !day.realized) return;
    DayAfter one{.next = factors::har_transformed(form_, *day.realized)};
    for (std::size_t i = 0; i < one.past.size(); ++i) {
      const auto& before = day.before[i];
      if (!before) return;
      one.past[i] = factors::har_transformed(form_, *before);
      if (!std::isfinite(one.past[i])) return;  // the logarithm of a day that stood still
    }
    if (std::isfinite(one.next)) days_.push_back(one);
  }

  Window window_;
  factors::HarForm form_;
  factors::Har har_;
  std::optional<Bar> previous_;
  std::optional<Day> last_day_;
  std::map<Day, factors::DayVolumes> volumes_;
  std::vector<DayAfter> days_;
};

FactorParams& factors_of(RunSpec& spec) {
  return spec.config.strategy.factors;
}

void fit_on_bars(std::span<RunSpec> specs, std::span<const Fit> fits, const Window& window,
                 const LendMarket& lend) {
  std::vector<Bars> bars;
  for (RunSpec& spec : specs) bars.emplace_back(factors_of(spec), window);
  lend({.bars = true}, [&bars](const MarketData& data) {
    while (true) {
      const auto rows = data.bars->next();
      if (rows.empty()) return;
      for (const Bar& bar : rows) {
        for (Bars& one : bars) one.add(bar);
      }
    }
  });
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (has(fits, Fit::Bucket)) bars[i].fit_bucket(factors_of(specs[i]));
    if (has(fits, Fit::Har)) bars[i].fit_har(factors_of(specs[i]));
  }
}

/// The rows of runs that decide nothing: what a strategy does changes no factor.
std::vector<Rows> rows_of(std::span<RunSpec> specs, const Window& window, const LendMarket& lend,
                          Progress& progress) {
  std::vector<RunSpec> idle{specs.begin(), specs.end()};
  std::vector<Rows> rows;
  Inputs kinds;
  for (RunSpec& spec : idle) {
    spec.config.strategy.alpha_a.enabled = false;
    spec.config.strategy.alpha_b.enabled = false;
    rows.emplace_back(factors_of(spec), spec.inputs);
    for (const Kind kind : kKinds) kinds[kind] = kinds[kind] || spec.inputs[kind];
  }
  const auto no_inputs = [](const Inputs& /*kinds*/) { return std::vector<run::RunInput>{}; };
  lend(kinds, [&](MarketData data) {
    (void)run_side_by_side(std::move(data), window, idle, Unit::Hour, no_inputs, progress,
                           [&rows](std::size_t spec, const strategy::DecisionRow& row) {
                             rows[spec].add(row.factors);
                           });
  });
  return rows;
}

}  // namespace

void fit(std::span<RunSpec> specs, std::span<const Fit> fits, const Window& window,
         const LendMarket& lend, Progress& progress) {
  if (specs.empty()) return;
  if (has(fits, Fit::Bucket) || has(fits, Fit::Har)) fit_on_bars(specs, fits, window, lend);
  if (has(fits, Fit::Z)) {
    std::vector<Rows> rows = rows_of(specs, window, lend, progress);
    for (std::size_t i = 0; i < specs.size(); ++i) rows[i].fit_scales(factors_of(specs[i]));
  }
  if (!has(fits, Fit::Theta) && !has(fits, Fit::Quantiles)) return;
  std::vector<Rows> rows = rows_of(specs, window, lend, progress);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (has(fits, Fit::Theta)) rows[i].fit_theta(factors_of(specs[i]));
    if (has(fits, Fit::Quantiles)) rows[i].fit_quantiles(factors_of(specs[i]));
  }
}

void fit_in_sample(std::span<RunSpec> specs, const Window& window, const LendMarket& lend,
                   Progress& progress) {
  using factors::ThresholdFit;
  std::vector<RunSpec> asking;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (factors_of(specs[i]).thresholds.fit != ThresholdFit::Sample) continue;
    places.push_back(i);
    asking.push_back(specs[i]);
    asking.back().known_as = specs[i].config;
    factors_of(asking.back()).thresholds.fit = ThresholdFit::Trailing;
  }
  const Fit quantiles[] = {Fit::Quantiles};
  fit(asking, quantiles, window, lend, progress);
  for (std::size_t i = 0; i < places.size(); ++i) specs[places[i]] = std::move(asking[i]);
}

}  // namespace toxvol::study
