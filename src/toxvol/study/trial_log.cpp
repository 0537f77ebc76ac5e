#include "toxvol/study/trial_log.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "toxvol/io/append_file.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::study {

std::filesystem::path trial_log_of(const std::filesystem::path& catalog) {
  return catalog / "toxvol" / "trials.jsonl";
}

TrialLog read_trial_log(const std::filesystem::path& path) {
  TrialLog log;
  if (!std::filesystem::exists(path)) return log;
  const std::string text = io::read_file(path);
  std::set<std::pair<bool, std::string>> seen;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view{text}.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) continue;  // a writer was killed right after it ended another's half line
    auto read = read_line(line);
    if (!read) {
      ++log.damaged;
      continue;
    }
    ++log.lines;
    if (auto* study = std::get_if<StudyEnd>(&*read)) {
      log.studies.push_back(std::move(*study));
      continue;
    }
    auto& trial = std::get<Trial>(*read);
    if (!log.since) log.since = trial.at;
    if (seen.emplace(is_counted(trial.kind), trial.id).second) {
      log.trials.push_back(std::move(trial));
    }
  }
  return log;
}

void append_to_trial_log(const std::filesystem::path& path, std::string_view lines) {
  std::filesystem::path lock = path;
  lock += ".lock";
  io::append_lines(path, lock, lines);
}

}  // namespace toxvol::study
