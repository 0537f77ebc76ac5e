#include "toxvol/factors/params_check.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/factors/validation.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {
namespace {

constexpr Duration kMetricsStep = std::chrono::minutes{5};

template <std::size_t N>
void check_weights(std::string_view key, const std::array<double, N>& weights) {
  bool has_part = false;
  for (const double w : weights) {
    if (!std::isfinite(w)) refuse(key, fmt::format("{}", weights), "use finite weights");
    has_part = has_part || w != 0.0;
  }
  if (!has_part) refuse(key, fmt::format("{}", weights), "give one of them a weight other than 0");
}

void check_level(std::string_view key, double level) {
  if (!(level > 0.0 && level <= 1.0)) {
    refuse(key, fmt::to_string(level), "use a quantile above 0 and at most 1");
  }
}

void check_not_negative(std::string_view key, Duration duration) {
  if (duration < Duration::zero()) refuse(key, duration_text(duration), "use 0s or more");
}

/// Z4: `holds` observations are all that a full window can have.
void check_min_count(std::string_view key, std::int64_t min_count, std::int64_t holds,
                     std::string_view window_key) {
  if (min_count < 2)
    refuse(key, fmt::to_string(min_count), "a standard deviation needs at least 2");
  if (min_count > holds) {
    refuse(key, fmt::to_string(min_count),
           fmt::format("a full {} holds {}; lower it or lengthen the window", window_key, holds));
  }
}

void check_quantile_window(const FactorParams& params, std::string_view key, Duration window) {
  const std::int64_t holds = window / params.cadence;
  const std::int64_t configured = params.thresholds.quantile_min_count;
  if (configured < 0) {
    refuse("thresholds.quantile_min_count", fmt::to_string(configured),
           "use \"auto\" or 1 or more");
  }
  if (quantile_min_count(configured, window, params.cadence) <= holds) return;
  if (configured > 0) {
    refuse("thresholds.quantile_min_count", fmt::to_string(configured),
           fmt::format("a full {} of {} holds {} decision rows; lower it or lengthen the window",
                       key, duration_text(window), holds));
  }
  refuse(key, duration_text(window),
         fmt::format("holds {} decision rows, \"auto\" needs 30; lengthen it or set "
                     "thresholds.quantile_min_count",
                     holds));
}

void check_pressure(const PressureParams& params) {
  static_cast<void>(whole_minutes("pressure.svi_window", params.svi_window));
  static_cast<void>(whole_minutes("pressure.ofi_window", params.ofi_window));
  if (params.ofi_events < 0) {
    refuse("pressure.ofi_window", fmt::format("events:{}", params.ofi_events),
           "use at least one event");
  }
  check_weights("pressure.weights", params.weights);
  check_min_count("pressure.z_min_count", params.z_min_count,
                  whole_minutes("pressure.z_window", params.z_window), "pressure.z_window");
}

void check_toxicity(const ToxicityParams& params) {
  using Kind = VpinBucketRule::Kind;
  const VpinBucketRule& rule = params.vpin_bucket;
  if ((rule.kind == Kind::Notional || rule.kind == Kind::Base) && rule.amount_e8 <= 0) {
    refuse("toxicity.vpin_bucket", fmt::format("{} units of 1e-8", rule.amount_e8),
           "use an amount above 0");
  }
  if (params.vpin_buckets < 1) {
    refuse("toxicity.vpin_buckets", fmt::to_string(params.vpin_buckets), "use 1 or more");
  }
  check_weights("toxicity.weights", params.weights);
  check_level("toxicity.tau", params.tau);
  static_cast<void>(whole_minutes("toxicity.tau_window", params.tau_window));
  check_min_count("toxicity.z_min_count", params.z_min_count,
                  whole_minutes("toxicity.z_window", params.z_window), "toxicity.z_window");
}

void check_crowding(const CrowdingParams& params) {
  check_weights("crowding.weights", params.weights);
  static_cast<void>(whole_minutes("crowding.d_oi_window", params.d_oi_window));
  if (!(params.theta > 0.0) || !std::isfinite(params.theta)) {
    refuse("crowding.theta", fmt::to_string(params.theta), "use a number above 0");
  }
  if (!(params.theta_exit >= 0.0 && params.theta_exit <= params.theta)) {
    refuse("crowding.theta_exit", fmt::to_string(params.theta_exit),
           fmt::format("use 0 to crowding.theta ({})", params.theta));
  }
  check_not_negative("crowding.min_dwell", params.min_dwell);
  check_min_count("crowding.funding_min_count", params.funding_min_count, params.funding_z_events,
                  "crowding.funding_z_events");
  check_min_count("crowding.z_min_count", params.z_min_count, params.oi_z_window / kMetricsStep,
                  "crowding.oi_z_window");
  check_min_count("crowding.z_min_count", params.z_min_count, params.ls_z_window / kMetricsStep,
                  "crowding.ls_z_window");
}

void check_thresholds(const FactorParams& params) {
  switch (params.thresholds.fit) {
    case ThresholdFit::Trailing:
      break;
    case ThresholdFit::Walkforward:
      refuse("thresholds.fit", "walkforward", "not available here; use \"trailing\"");
    case ThresholdFit::Sample:
      refuse("thresholds.fit", "sample", "not available here; use \"trailing\"");
  }
  check_quantile_window(params, "volatility.z_window", params.volatility.z_window);  // A1
  check_quantile_window(params, "pressure.z_window", params.pressure.z_window);
  check_quantile_window(params, "toxicity.tau_window", params.toxicity.tau_window);
  check_level("alpha_a.compression", params.quantiles.compression);
  check_level("alpha_a.pressure", params.quantiles.pressure);
  check_level("alpha_b.pressure", params.quantiles.pressure_b);
}

}  // namespace

void validate(const FactorParams& params) {
  static_cast<void>(whole_minutes("run.cadence", params.cadence));
  validate(params.volatility);
  check_pressure(params.pressure);
  check_toxicity(params.toxicity);
  check_crowding(params.crowding);
  if (!(params.z.clip > 0.0) || !std::isfinite(params.z.clip)) {
    refuse("z.clip", fmt::to_string(params.z.clip), "use a number above 0");
  }
  check_thresholds(params);
  check_not_negative("data.metrics_delay", params.data.metrics_delay);
  check_not_negative("data.funding_delay", params.data.funding_delay);
  check_not_negative("data.bar_delay", params.data.bar_delay);
  check_not_negative("data.agg_delay", params.data.agg_delay);
}

}  // namespace toxvol::factors
