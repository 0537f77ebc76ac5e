#include "toxvol/jobs/study/batches.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/study/points.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {

namespace {

/// Points that are in memory at the same time, where all cost the same: more cost less decoding,
/// fewer take less memory (some 3 MB a point) and lose less when the work is interrupted.
constexpr std::size_t kSideBySide = 64;
/// The same of a worker elsewhere, which has its memory for itself.
constexpr std::size_t kSideBySideElsewhere = 64;
/// Batches for each worker elsewhere: with more of them fewer workers stand idle at the end, with
/// fewer of them the market is read less often.
constexpr std::size_t kTurns = 2;

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

/// In times of what a run costs that shares all it can: to compute a model costs about as much
/// again, to fold ticks for itself three times as much.
constexpr std::size_t kModel = 1;
constexpr std::size_t kFolding = 3;

/// The tasks in the groups of those that are alike, in the order of the first of each.
template <class Alike>
std::vector<std::vector<StudyTask>> groups_of(const std::vector<StudyTask>& tasks,
                                              const Alike& alike) {
  std::vector<std::vector<StudyTask>> groups;
  for (const StudyTask& task : tasks) {
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&](const auto& other) { return alike(other.front(), task); });
    if (group == groups.end()) {
      groups.push_back({task});
    } else {
      group->push_back(task);
    }
  }
  return groups;
}

bool has_model_of(const StudyTask& a, const StudyTask& b) {
  return model_alike(a.spec, b.spec);
}

/// What a point costs after the one before it, if any.
std::size_t work_of(const StudyTask* before, const StudyTask& task) {
  if (before == nullptr) return 1 + kModel;
  if (has_model_of(*before, task)) return 1;
  return 1 + kModel + (fold_alike(before->spec, task.spec) ? 0 : kFolding);
}

/// Cuts points that share one reading of the market.
void cut_reading(std::span<const std::size_t> points, const TasksByNumber& tasks,
                 const BatchSize& size, std::vector<study::Batch>& batches) {
  std::vector<std::size_t> work_before;
  std::size_t work = 0;
  const StudyTask* before = nullptr;
  for (const std::size_t point : points) {
    work_before.push_back(work);
    work += work_of(before, *tasks.at(point));
    before = tasks.at(point);
  }
  const std::size_t count = share(points.size(), size.usual);
  std::size_t number = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t due = work_before[i] * count / work;
    if (i == 0 || due > number || batches.back().size() == size.most) batches.emplace_back();
    number = due;
    batches.back().push_back(points[i]);
  }
}

}  // namespace

// Neighbours in a list are often dear for the same reason, so they are scattered: by multiples of
// the golden ratio, of which any stretch is spread evenly.
std::vector<StudyTask> in_order(const std::vector<StudyTask>& tasks) {
  constexpr std::uint64_t kGoldenRatio = 0x9E37'79B9'7F4A'7C15;
  std::vector<StudyTask> ordered;
  for (const auto& reading : groups_of(tasks, read_alike)) {
    std::map<std::uint64_t, std::vector<StudyTask>> scattered;
    for (auto& group : groups_of(reading, has_model_of)) {
      scattered.emplace(scattered.size() * kGoldenRatio, std::move(group));
    }
    for (auto& [place, group] : scattered) {
      std::move(group.begin(), group.end(), std::back_inserter(ordered));
    }
  }
  return ordered;
}

std::vector<study::Batch> cut(std::span<const std::size_t> points, const TasksByNumber& tasks,
                              const BatchSize& size) {
  std::vector<study::Batch> batches;
  while (!points.empty()) {
    const StudyTask& first = *tasks.at(points.front());
    const auto other = std::find_if(points.begin(), points.end(), [&](std::size_t point) {
      return !read_alike(first, *tasks.at(point));
    });
    const auto reading = points.first(static_cast<std::size_t>(other - points.begin()));
    cut_reading(reading, tasks, size, batches);
    points = points.subspan(reading.size());
  }
  return batches;
}

// As many batches as let all threads end at about the same time.
BatchSize batch_size_here(std::size_t points, std::size_t threads) {
  const std::size_t workers = std::clamp<std::size_t>(threads, 1, kSideBySide);
  const std::size_t turns =
      std::max<std::size_t>(share(points, workers * (kSideBySide / workers)), 1);
  const std::size_t usual = std::max<std::size_t>(share(points, workers * turns), 1);
  return {.usual = usual, .most = 2 * usual};
}

BatchSize batch_size_elsewhere(std::size_t points, std::size_t workers) {
  const std::size_t batches = std::max<std::size_t>(workers, 1) * kTurns;
  const std::size_t usual =
      std::clamp<std::size_t>(share(points, batches), 1, kSideBySideElsewhere);
  return {.usual = usual, .most = std::min(2 * usual, kSideBySideElsewhere)};
}

}  // namespace toxvol::jobs
