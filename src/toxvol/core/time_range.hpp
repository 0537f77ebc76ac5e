#pragma once

#include "toxvol/core/time.hpp"

namespace toxvol {

/// [from, to).
struct TimeRange {
  Timestamp from{};
  Timestamp to{};
  friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

}  // namespace toxvol
