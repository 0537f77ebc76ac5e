#pragma once

#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/runner.hpp"

/// Some points of a study, run by a process that does not have its folder (docs/scale.md).
namespace toxvol::jobs {

/// The request as text, which another process understands: the files of the design and of the
/// configuration are in it, the catalog is its path, and so are the rows of a user's own signal.
[[nodiscard]] std::string told(const StudyRequest& request, const std::vector<SignalRow>* signal);

/// Runs a part of the study that was `told`, and writes nothing. Throws `Error` before it runs
/// where the study here is another than the part's: another version, window, data or design.
[[nodiscard]] PartResult run_part(const std::string& told, StudyPart part, Progress& progress);

/// Throws that `Error`, which names the first line in which the circumstances differ.
void check_same_study(const StudyPart& part, const std::string& own_circumstances,
                      const std::string& own_id);

}  // namespace toxvol::jobs
