#include "toxvol/config/presets.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::config {

namespace {

/// Z4: prior decision rows that a quantile over `window` needs.
Duration quantile_time(const factors::FactorParams& f, Duration window) {
  std::int64_t count = f.thresholds.quantile_min_count;
  if (count == 0) count = std::max<std::int64_t>(30, (window / f.cadence + 6) / 7);
  return count * f.cadence;
}

}  // namespace

Duration FirstDecision::all() const {
  return std::max({compression, pressure, toxicity, std::min(metrics, funding)});
}

FirstDecision first_decision(const Config& config) {
  const auto& f = config.strategy.factors;
  const bool fixed = f.toxicity.vpin_bucket.kind == factors::VpinBucketRule::Kind::Base;
  return {
      .compression = f.volatility.half_life_long + f.volatility.z_min_count * kMinute +
                     quantile_time(f, f.volatility.z_window),
      .pressure = f.pressure.z_min_count * kMinute + quantile_time(f, f.pressure.z_window),
      .toxicity = (fixed ? Duration::zero() : kDay) + f.toxicity.vpin_buckets * kMinute +
                  f.toxicity.z_min_count * kMinute + quantile_time(f, f.toxicity.tau_window),
      .metrics = f.crowding.z_min_count * std::chrono::minutes{5},
      .funding = f.crowding.funding_min_count * std::chrono::hours{8},
  };
}

std::string in_days(Duration duration) {
  const double days = std::chrono::duration<double, std::ratio<86'400>>(duration).count();
  if (days >= 1) return fmt::format("{:.1f} days", days);
  return fmt::format("{:.0f} minutes", days * 1440);
}

}  // namespace toxvol::config
