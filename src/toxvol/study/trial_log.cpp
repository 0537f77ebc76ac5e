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

namespace {

/// Each line of a log's text that is not empty: a writer may have been killed right after it ended
/// another's half line.
template <class See>
void for_each_line(std::string_view text, const See& see) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) see(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

const Trial* TrialLog::counted(std::string_view id) const {
  const auto found = std::find_if(trials.begin(), trials.end(), [id](const Trial& trial) {
    return is_counted(trial.kind) && trial.id == id;
  });
  return found == trials.end() ? nullptr : &*found;
}

TrialLog read_trial_log(const std::filesystem::path& path) {
  TrialLog log;
  if (!std::filesystem::exists(path)) return log;
  std::set<std::pair<bool, std::string>> seen;
  for_each_line(io::read_file(path), [&](std::string_view line) {
    auto read = read_line(line);
    if (!read) {
      ++log.damaged;
      return;
    }
    ++log.lines;
    if (auto* study = std::get_if<StudyEnd>(&*read)) {
      log.studies.push_back(std::move(*study));
      return;
    }
    auto& trial = std::get<Trial>(*read);
    if (!log.since) log.since = trial.at;
    if (seen.emplace(is_counted(trial.kind), trial.id).second) {
      log.trials.push_back(std::move(trial));
    }
  });
  return log;
}

LoggedStudy::LoggedStudy(std::string study, const std::filesystem::path& log)
    : study_{std::move(study)} {
  if (!std::filesystem::exists(log)) return;
  for_each_line(io::read_file(log), [this](std::string_view line) {
    const auto read = read_line(line);
    if (!read) return;
    if (const auto* end = std::get_if<StudyEnd>(&*read)) {
      has_end_ = has_end_ || end->id == study_;
    } else if (const auto& trial = std::get<Trial>(*read); trial.study == study_) {
      trials_.emplace(trial.kind, trial.id);
    }
  });
}

bool LoggedStudy::has(TrialKind kind, const std::string& id) const {
  return trials_.contains({kind, id});
}

std::string LoggedStudy::take_new(std::string_view lines) {
  std::string fresh;
  for_each_line(lines, [&](std::string_view line) {
    const auto read = read_line(line);
    const auto* trial = read ? std::get_if<Trial>(&*read) : nullptr;
    const bool is_old = trial != nullptr && !trials_.emplace(trial->kind, trial->id).second;
    if (!is_old) fresh.append(line) += '\n';
  });
  return fresh;
}

void append_to_trial_log(const std::filesystem::path& path, std::string_view lines) {
  std::filesystem::path lock = path;
  lock += ".lock";
  io::append_lines(path, lock, lines);
}

}  // namespace toxvol::study
