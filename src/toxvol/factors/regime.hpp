#pragma once

#include <optional>

#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// Which side is crowded, by C with two thresholds and a dwelling time (C10), or left when the
/// funding z crosses 0 (E19). Definition: docs/factors/regime.md
class RegimeMachine {
 public:
  /// 0 ≤ theta_exit ≤ theta.
  RegimeMachine(double theta, double theta_exit, Duration min_dwell,
                CrowdingLeave leave = CrowdingLeave::C)
      : theta_{theta}, theta_exit_{theta_exit}, min_dwell_{min_dwell}, leave_{leave} {}

  /// One step a minute row. An empty `c` counts as 0; an empty `fund_z` leaves nothing.
  Regime update(Timestamp ts, Value c, Value fund_z = {});
  [[nodiscard]] Regime state() const { return state_; }

 private:
  [[nodiscard]] Regime wanted(double c, Value fund_z) const;

  double theta_;
  double theta_exit_;
  Duration min_dwell_;
  CrowdingLeave leave_;
  Regime state_ = Regime::Neutral;
  std::optional<Timestamp> moved_;  // the last move
};

}  // namespace toxvol::factors
