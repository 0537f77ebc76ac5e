#pragma once

#include <chrono>

#include "toxvol/core/fixed.hpp"
#include "toxvol/factors/params.hpp"

/// Parameters that minutes warm up.
namespace toxvol::factors::test {

/// presets/short.toml.
inline FactorParams short_params() {
  FactorParams p;
  p.volatility.half_life_short = std::chrono::minutes{1};
  p.volatility.half_life_long = std::chrono::minutes{2};
  p.volatility.z_window = p.pressure.z_window = p.toxicity.z_window = std::chrono::minutes{30};
  p.toxicity.tau_window = p.crowding.oi_z_window = p.crowding.ls_z_window =
      std::chrono::minutes{30};
  p.volatility.z_min_count = p.pressure.z_min_count = p.toxicity.z_min_count = 2;
  p.crowding.z_min_count = p.crowding.funding_min_count = 2;
  p.thresholds.quantile_min_count = 2;
  p.toxicity.vpin_bucket = {.kind = VpinBucketRule::Kind::Base, .amount_e8 = 10 * Qty::kOne};
  p.toxicity.vpin_buckets = 10;
  return p;
}

}  // namespace toxvol::factors::test
