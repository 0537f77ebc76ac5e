#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
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

  /// The counted trial of that id (R22); null where there is none.
  [[nodiscard]] const Trial* counted(std::string_view id) const;
};

/// A log that is not there is empty. Throws `Error` where it cannot be read.
[[nodiscard]] TrialLog read_trial_log(const std::filesystem::path& path);

/// What a log has of one study. A study that is killed after its log and before its folder finds
/// there what it does again, which must not stand there twice.
class LoggedStudy {
 public:
  /// Nothing yet: of a study that begins.
  explicit LoggedStudy(std::string study) : study_{std::move(study)} {}
  /// Of one that goes on. Throws `Error` where the log cannot be read.
  LoggedStudy(std::string study, const std::filesystem::path& log);

  /// Whether the line of that trial, or of the study's end, is in the log.
  [[nodiscard]] bool has(TrialKind kind, const std::string& id) const;
  [[nodiscard]] bool has_end() const { return has_end_; }
  /// Of `lines`, each of a trial of this study, those that are not in it. From here on they are.
  [[nodiscard]] std::string take_new(std::string_view lines);

 private:
  std::string study_;
  std::set<std::pair<TrialKind, std::string>> trials_;
  bool has_end_ = false;
};

/// Adds whole lines (`line_of`), safe against other writers and kills. Throws `Error` where the log
/// cannot be written.
void append_to_trial_log(const std::filesystem::path& path, std::string_view lines);

}  // namespace toxvol::study
