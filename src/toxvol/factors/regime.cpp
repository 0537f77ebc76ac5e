#include "toxvol/factors/regime.hpp"

#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

Regime RegimeMachine::wanted(double c, Value fund_z) const {
  if (c > theta_) return Regime::CrowdedLong;
  if (c < -theta_) return Regime::CrowdedShort;
  if (state_ == Regime::Neutral) return state_;
  // Positive on the crowded side.
  const double side = state_ == Regime::CrowdedLong ? 1.0 : -1.0;
  const bool leaves =
      leave_ == CrowdingLeave::Funding ? fund_z && side * *fund_z <= 0.0 : side * c < theta_exit_;
  return leaves ? Regime::Neutral : state_;
}

Regime RegimeMachine::update(Timestamp ts, Value c, Value fund_z) {
  const Regime next = wanted(c.value_or(0.0), fund_z);
  if (next == state_) return state_;
  if (moved_ && ts - *moved_ < min_dwell_) return state_;
  state_ = next;
  moved_ = ts;
  return state_;
}

}  // namespace toxvol::factors
