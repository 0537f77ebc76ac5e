#pragma once

#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"

namespace toxvol::factors {

/// Which side is crowded, by C with two thresholds and a dwelling time (C10). Definition:
/// docs/factors/regime.md
class RegimeMachine {
 public:
  /// 0 ≤ theta_exit ≤ theta.
  RegimeMachine(double theta, double theta_exit, Duration min_dwell)
      : theta_{theta}, theta_exit_{theta_exit}, min_dwell_{min_dwell} {}

  /// One step a minute row. An empty `c` counts as 0.
  RegimeState update(Timestamp ts, Value c);
  [[nodiscard]] RegimeState state() const { return state_; }

 private:
  [[nodiscard]] RegimeState wanted(double c) const;

  double theta_;
  double theta_exit_;
  Duration min_dwell_;
  RegimeState state_ = RegimeState::Neutral;
  std::optional<Timestamp> moved_;  // the last move
};

}  // namespace toxvol::factors
