#pragma once

#include "toxvol/core/time.hpp"

namespace toxvol {

/// A row of a user's own signal (R57): what he wants from `ts_init` on, the time at which he could
/// know it.
struct SignalRow {
  Timestamp ts_init{};
  int direction = 0;  // +1, −1, 0
  double size = 1.0;  // multiplies the quantity of the size rule

  friend bool operator==(const SignalRow&, const SignalRow&) = default;
};

/// A size is above 0 and at most this.
inline constexpr double kMostSignalSize = 100.0;

}  // namespace toxvol
