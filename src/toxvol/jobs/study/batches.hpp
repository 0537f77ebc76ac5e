#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/study/points.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/training.hpp"
#include "toxvol/study/trial.hpp"

/// Which runs of a study share one reading of the market.
namespace toxvol::jobs {

/// A run of a study. The point has what it needs of the window's kinds, or is marked not
/// applicable.
struct StudyTask {
  std::size_t number = 0;
  study::RunSpec spec;
  study::TrialKind kind{};
  std::optional<study::Window> window{};        // the study's unless said
  std::vector<study::WalkForward::Fit> fits{};  // made on that window before the run
};

using TasksByNumber = std::map<std::size_t, const StudyTask*>;

/// The tasks in the order in which they are run and kept, whatever the batches: those that share a
/// reading of the market stand together, and of them those with one model.
[[nodiscard]] std::vector<StudyTask> in_order(const std::vector<StudyTask>& tasks);

/// How many points go through the market together, 1 or more: `usual` in each batch where all cost
/// the same, `most` in none more.
struct BatchSize {
  std::size_t usual = 1;
  std::size_t most = 1;

  friend bool operator==(const BatchSize&, const BatchSize&) = default;
};

/// Cuts points that are `in_order` into batches that share one reading of the market, each about as
/// much work as the others.
[[nodiscard]] std::vector<study::Batch> cut(std::span<const std::size_t> points,
                                            const TasksByNumber& tasks, const BatchSize& size);

/// Where so many threads of this process, or so many workers elsewhere, run a batch each.
[[nodiscard]] BatchSize batch_size_here(std::size_t points, std::size_t threads);
[[nodiscard]] BatchSize batch_size_elsewhere(std::size_t points, std::size_t workers);

}  // namespace toxvol::jobs
