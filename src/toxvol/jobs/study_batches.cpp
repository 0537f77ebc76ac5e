#include "toxvol/jobs/study_batches.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/study/points.hpp"

namespace toxvol::jobs {

namespace {

/// Points that are in memory at the same time, whatever their factors: more cost less decoding,
/// fewer take less memory (some 3 MB a point) and lose less when the work is interrupted.
constexpr std::size_t kSideBySide = 48;
/// The same of a worker elsewhere, which has its memory for itself.
constexpr std::size_t kSideBySideElsewhere = 64;
/// Batches for each worker elsewhere: with more of them fewer workers stand idle at the end, with
/// fewer of them the market is read less often.
constexpr std::size_t kTurns = 2;

bool models_alike(const StudyTask& a, const StudyTask& b) {
  return a.spec.config.strategy.factors == b.spec.config.strategy.factors &&
         a.spec.inputs == b.spec.inputs;
}

/// Whether both can share one reading of the market, and what is fitted on it.
bool read_alike(const StudyTask& a, const StudyTask& b) {
  const auto from = [](const StudyTask& task) {
    return task.window ? std::optional{std::pair{task.window->from, task.window->to}}
                       : std::nullopt;
  };
  return from(a) == from(b) && a.fits == b.fits;
}

/// Of each part, rounded up.
std::size_t share(std::size_t points, std::size_t parts) {
  return (points + parts - 1) / parts;
}

}  // namespace

std::vector<StudyTask> by_model(const std::vector<StudyTask>& tasks) {
  std::vector<std::vector<StudyTask>> groups;
  for (const StudyTask& task : tasks) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& other) {
      return read_alike(other.front(), task) && models_alike(other.front(), task);
    });
    if (group == groups.end()) {
      groups.push_back({task});
    } else {
      group->push_back(task);
    }
  }
  std::vector<StudyTask> ordered;
  for (auto& group : groups) std::move(group.begin(), group.end(), std::back_inserter(ordered));
  return ordered;
}

std::vector<study::Batch> cut(std::span<const std::size_t> points, const TasksByNumber& tasks,
                              std::size_t most) {
  std::vector<study::Batch> batches;
  for (const std::size_t point : points) {
    const bool is_together = !batches.empty() && batches.back().size() < most &&
                             read_alike(*tasks.at(batches.back().back()), *tasks.at(point));
    if (!is_together) batches.emplace_back();
    batches.back().push_back(point);
  }
  return batches;
}

// As many batches as let all threads end at about the same time.
std::size_t batch_size_here(std::size_t points, std::size_t threads) {
  const std::size_t workers = std::clamp<std::size_t>(threads, 1, kSideBySide);
  const std::size_t turns =
      std::max<std::size_t>(share(points, workers * (kSideBySide / workers)), 1);
  return std::max<std::size_t>(share(points, workers * turns), 1);
}

std::size_t batch_size_elsewhere(std::size_t points, std::size_t workers) {
  const std::size_t batches = std::max<std::size_t>(workers, 1) * kTurns;
  return std::clamp<std::size_t>(share(points, batches), 1, kSideBySideElsewhere);
}

}  // namespace toxvol::jobs
