#pragma once

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"

namespace toxvol::jobs {

/// One switch after the other against the base: ablation.parquet, ablation_groups.parquet and
/// study.json (docs/ablation.md). Without a design the shipped list. Throws like `run_study`.
[[nodiscard]] StudyResult run_ablation(const StudyRequest& request, Progress& progress);

}  // namespace toxvol::jobs
