#pragma once

#include <vector>

#include "toxvol/report/run_folder.hpp"

/// What other commands left of a run in folders beside it, known by the run's fingerprint.
namespace toxvol::report {

/// Puts the shades of a band (R46) into the chart of equity, whose series is not in it yet.
/// `times`: of its frame, in seconds after the run's `from`. False without a band of this run.
bool add_shades(const RunFolder& folder, const std::vector<double>& times, Json& equity);

/// What `toxvol evaluate` found in the run, a line each; null where it was not asked.
[[nodiscard]] Json evaluation_table(const RunFolder& folder);

}  // namespace toxvol::report
