#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::study {

/// Where the trials on a catalog's data are counted: `CATALOG/toxvol/trials.jsonl`.
[[nodiscard]] std::filesystem::path trial_log_of(const std::filesystem::path& catalog);

/// A trial log as it was read.
struct TrialLog {
  std::vector<Trial> trials;  // in order of the file; of equal ids the first that is counted, and
                              // the first that is not
  std::vector<StudyEnd> studies;
  std::int64_t lines = 0;          // that could be read
  std::int64_t damaged = 0;        // that could not
  std::optional<Timestamp> since;  // when its first trial was
};

/// A log that is not there is empty. Throws `Error` where it cannot be read.
[[nodiscard]] TrialLog read_trial_log(const std::filesystem::path& path);

/// Adds whole lines (`line_of`), safe against other writers and kills. Throws `Error` where the log
/// cannot be written.
void append_to_trial_log(const std::filesystem::path& path, std::string_view lines);

}  // namespace toxvol::study
