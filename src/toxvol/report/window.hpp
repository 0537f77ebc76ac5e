#pragma once

#include "toxvol/core/time.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// What the run traded in: [from, from + seconds).
struct Window {
  Timestamp from{};
  double seconds = 0.0;
};

/// Throws `Error` where run.json has no such times.
[[nodiscard]] Window window_of(const RunFolder& folder);

}  // namespace toxvol::report
