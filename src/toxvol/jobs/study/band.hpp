#pragma once

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"

namespace toxvol::jobs {

/// One strategy under every combination of the assumptions that the request lists: band.parquet,
/// band_equity.parquet and study.json (docs/band.md). Throws like `run_study`.
[[nodiscard]] StudyResult run_band(const StudyRequest& request, Progress& progress);

}  // namespace toxvol::jobs
