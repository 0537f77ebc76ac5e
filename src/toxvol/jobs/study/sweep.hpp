#pragma once

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"

namespace toxvol::jobs {

/// All points of a design, judged together: sweep.parquet and study.json (docs/designs.md). Throws
/// like `run_study`.
[[nodiscard]] StudyResult run_sweep(const StudyRequest& request, Progress& progress);

}  // namespace toxvol::jobs
