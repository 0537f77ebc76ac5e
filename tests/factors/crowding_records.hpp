#pragma once

#include <cstdint>
#include <optional>

#include "tests/factors/ticks.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/params.hpp"

/// Hand-made records for the tests of F3.
namespace toxvol::factors::test {

constexpr std::int64_t kHour = 60;

/// Few prior observations are enough, and the regime may always move.
inline CrowdingParams params() {
  CrowdingParams p;
  p.z_min_count = 2;
  p.funding_min_count = 2;
  p.min_dwell = Duration::zero();
  return p;
}

inline DelayParams no_delay() {
  return {.metrics_delay = {}, .funding_delay = {}};
}

inline Crowding crowding(const CrowdingParams& p = params(), const DelayParams& d = no_delay(),
                         Inputs inputs = kAll, const LimitParams& limits = {}) {
  return {p, ZParams{}, d, limits, inputs};
}

inline Funding settlement(std::int64_t minute, std::int64_t rate_e8, int hours = 8) {
  Funding f;
  f.ts_event = at_ms(minute * kMinuteMs);
  f.ts_init = f.ts_event + Duration{950'000};
  f.rate = Rate::from_raw(rate_e8);
  f.interval_hours = hours;
  return f;
}

inline Metrics metrics(std::int64_t minute, std::optional<double> oi,
                       std::optional<double> ls = 1.0) {
  Metrics m;
  m.ts_event = at_ms(minute * kMinuteMs);
  m.ts_init = m.ts_event + Duration{900'000};
  m.open_interest = oi;
  m.count_ls = ls;
  m.toptrader_count_ls = 2.0;
  m.toptrader_sum_ls = 3.0;
  m.taker_ls = ls;
  return m;
}

/// Metrics every five minutes with an OI of 100 that jumps at the end: to 200, so that z_d_oi is
/// +5.
inline void rising_oi(Crowding& c, double last_ls, double last_oi = 200.0) {
  for (std::int64_t minute = 0; minute <= 120; minute += 5) {
    c.on(metrics(minute, minute < 120 ? 100.0 : last_oi, minute < 120 ? 1.0 : last_ls));
  }
}

/// An excess of 2 bp, twice, and then of another.
inline void funding_excess(Crowding& c, std::int64_t last_e8) {
  c.on(settlement(-960, 30'000));
  c.on(settlement(-480, 30'000));
  c.on(settlement(0, last_e8));
}

}  // namespace toxvol::factors::test
