#pragma once

#include <optional>

#include "toxvol/core/open_interest_scale.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {

/// Finds open interest of another scale (N9, docs/data.md#open-interest-scale). Unlike the other
/// detectors it is fed the stamps of all days of a symbol, ascending.
class ScaleDetector {
 public:
  void on(Timestamp stamp, std::optional<double> open_interest, Findings& out);
  void finish(Findings& out);

 private:
  OpenInterestScale scale_;
  std::optional<Finding> pending_;  // of stamps of one day, none accepted between them
};

}  // namespace toxvol::quality
