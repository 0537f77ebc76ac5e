#include "toxvol/factors/regime.hpp"

#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"

namespace toxvol::factors {

RegimeState RegimeMachine::wanted(double c) const {
  if (c > theta_) return RegimeState::CrowdedLong;
  if (c < -theta_) return RegimeState::CrowdedShort;
  switch (state_) {
    case RegimeState::CrowdedLong:
      return c < theta_exit_ ? RegimeState::Neutral : state_;
    case RegimeState::CrowdedShort:
      return c > -theta_exit_ ? RegimeState::Neutral : state_;
    case RegimeState::Neutral:
      break;
  }
  return RegimeState::Neutral;
}

RegimeState RegimeMachine::update(Timestamp ts, Value c) {
  const RegimeState next = wanted(c.value_or(0.0));
  if (next == state_) return state_;
  if (moved_ && ts - *moved_ < min_dwell_) return state_;
  state_ = next;
  moved_ = ts;
  return state_;
}

}  // namespace toxvol::factors
