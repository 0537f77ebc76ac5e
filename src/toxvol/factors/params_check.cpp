#include "toxvol/factors/params_check.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/duration.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/quantile.hpp"

namespace toxvol::factors {
namespace {

constexpr Duration kMetricsStep = std::chrono::minutes{5};
constexpr std::int64_t kMostSettlements = 10'950;

/// Collects what is wrong.
class Check {
 public:
  explicit Check(const FactorParams& params) : params_{params} {}

  std::vector<Problem> operator()() && {
    volatility();
    crowding();
    min_count("pressure.z_min_count", params_.pressure.z_min_count, "pressure.z_window",
              params_.pressure.z_window, kMinute);
    min_count("toxicity.z_min_count", params_.toxicity.z_min_count, "toxicity.z_window",
              params_.toxicity.z_window, kMinute);
    quantile("volatility.z_window", params_.volatility.z_window);  // A1
    quantile("pressure.z_window", params_.pressure.z_window);
    quantile("toxicity.tau_window", params_.toxicity.tau_window);
    fixed_thresholds();
    return std::move(found_);
  }

 private:
  void add(std::string_view key, std::string why) {
    found_.push_back({std::string{key}, std::move(why)});
  }

  void volatility() {
    const VolatilityParams& p = params_.volatility;
    if (p.z_window <= p.half_life_long) {  // M10
      add("volatility.z_window",
          fmt::format("must exceed volatility.half_life_long = {}, or compression is compared with "
                      "itself (V7)",
                      to_text(p.half_life_long)));
    }
    if (p.half_life_long <= p.half_life_short) {
      add("volatility.half_life_long",
          fmt::format("must exceed volatility.half_life_short = {}", to_text(p.half_life_short)));
    }
    min_count("volatility.z_min_count", p.z_min_count, "volatility.z_window", p.z_window, kMinute);
    if (p.har_fit_days < p.har_min_days) {
      add("volatility.har_fit_days",
          fmt::format("must be at least volatility.har_min_days = {}", p.har_min_days));
    }
    if (p.estimator != VolatilityEstimator::Yz) return;
    if (p.diurnal) {
      add("volatility.diurnal",
          "volatility.estimator = yz has no variance per bar to divide (V11); choose another "
          "estimator, or false");
    }
    for (const auto& [key, half_life] :
         {std::pair{"volatility.half_life_short", p.half_life_short},
          std::pair{"volatility.half_life_long", p.half_life_long}}) {
      if (half_life < 2 * kMinute) add(key, "volatility.estimator = yz needs at least 2m");
    }
  }

  void crowding() {
    const CrowdingParams& p = params_.crowding;
    if (p.theta_exit > p.theta) {
      add("crowding.theta_exit", fmt::format("must not exceed crowding.theta = {}", p.theta));
    }
    if (p.d_oi_sign == DOiSign::Multiplier && p.weights[0] == 0.0 && p.weights[2] == 0.0 &&
        p.weights[3] == 0.0) {
      add("crowding.d_oi_sign",
          "multiplier needs a part of c to multiply; give another part a weight");
    }
    if (p.funding_centre == FundingCentre::Minutes && p.funding_z_events > kMostSettlements) {
      add("crowding.funding_z_events",
          fmt::format("is a window of minutes with crowding.funding_centre = minutes; at most {}, "
                      "ten years",
                      kMostSettlements));
    }
    if (p.funding_min_count > p.funding_z_events) {
      add("crowding.funding_min_count",
          fmt::format("must not exceed crowding.funding_z_events = {} (Z4)", p.funding_z_events));
    }
    for (const auto& [key, window] : {std::pair{"crowding.oi_z_window", p.oi_z_window},
                                      std::pair{"crowding.ls_z_window", p.ls_z_window}}) {
      min_count("crowding.z_min_count", p.z_min_count, key, window, kMetricsStep);
    }
  }

  void fixed_thresholds() {  // R36
    const ThresholdParams& p = params_.thresholds;
    if (p.fit == ThresholdFit::Walkforward) return;
    for (const auto& [key, number] :
         {std::pair{"thresholds.f1", p.f1}, std::pair{"thresholds.p", p.p},
          std::pair{"thresholds.p_b", p.p_b}, std::pair{"thresholds.t", p.t}}) {
      if (number) add(key, "is read with thresholds.fit = walkforward alone; set that, or none");
    }
  }

  /// Z4: what a full window holds, one each `step`.
  void min_count(std::string_view key, std::int64_t count, std::string_view window_key,
                 Duration window, Duration step) {
    const std::int64_t holds = window / step;
    if (count <= holds) return;
    add(key, fmt::format("a full {} of {} holds {}; lower it or lengthen the window (Z4)",
                         window_key, to_text(window), holds));
  }

  void quantile(std::string_view window_key, Duration window) {
    const auto& configured = params_.thresholds.quantile_min_count;
    if (configured) {
      min_count("thresholds.quantile_min_count", *configured, window_key, window, params_.cadence);
      return;
    }
    const std::int64_t holds = window / params_.cadence;
    const std::int64_t needed = quantile_min_count(configured, window, params_.cadence);
    if (needed <= holds) return;
    add(window_key,
        fmt::format("holds {} decision rows, thresholds.quantile_min_count = auto needs {}; "
                    "lengthen it or set that (Z4)",
                    holds, needed));
  }

  const FactorParams& params_;
  std::vector<Problem> found_;
};

}  // namespace

std::vector<Problem> check(const FactorParams& params) {
  return Check{params}();
}

}  // namespace toxvol::factors
