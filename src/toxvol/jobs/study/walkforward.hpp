#pragma once

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"

namespace toxvol::jobs {

/// Chooses among the points of a design on one window and judges the choice on the next, fold by
/// fold; the runs of all folds stitched to one, and the base with trailing and with in-sample
/// thresholds beside it (docs/walkforward.md). A design without axes, or none, is the base alone.
/// Throws like `run_study`.
[[nodiscard]] StudyResult run_walkforward(const StudyRequest& request, Progress& progress);

}  // namespace toxvol::jobs
