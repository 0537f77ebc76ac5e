#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::jobs {

/// What a study came to.
struct StudyResult {
  std::filesystem::path folder;
  std::string verdict;             // a sentence
  std::int64_t ok = 0;             // points with a result
  std::int64_t failed = 0;         // that could not be run, though tried twice
  std::int64_t left_out = 0;       // refused by the configuration, or without what they need
  std::vector<std::string> lines;  // what the terminal shows before the verdict
  std::string more;                // JSON object: what `--json` prints besides; empty: nothing
  PartResult part{};               // of a request for a part, which has nothing of the above
};

/// What `--json` prints.
[[nodiscard]] std::string to_json(const StudyResult& result);

/// The verdict and the rest of a finished study. Throws `Error` for a folder that is none.
[[nodiscard]] StudyResult read_study(const std::filesystem::path& folder);

/// A study in its folder, before its points are run.
struct BegunStudy {
  study::StudyFolder& folder;
  const std::string& design_json;
  const study::DesignPoints& points;
};
/// What a verb makes of its study.
struct StudyWork {
  /// Every run that the study may come to need. Throws `Error` for points that cannot be run.
  std::function<std::vector<StudyTask>(const study::DesignPoints&)> tasks;
  /// Runs them, writes the tables into the folder; the text of study.json.
  std::function<std::string(BegunStudy&)> conclude;
};

/// Begins the study of a design in the folder of the request, or goes on with it, and ends it with
/// what `work` concludes; or runs the part that is asked for. The inputs of `options` are settled
/// by the market. Throws `Error`, `UsageError` and `Interrupted`.
[[nodiscard]] StudyResult run_study(StudyRunner& runner, const StudyRequest& request,
                                    const study::Design& design, study::PointOptions options,
                                    const StudyWork& work, Progress& progress);

}  // namespace toxvol::jobs
