#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::study {

/// Points that are run together.
using Batch = std::vector<std::size_t>;
/// Hands over what a point came to.
using Done = std::function<void(std::size_t point, const std::string& blob)>;
/// Says why a batch did not get to its end; what it handed over by then is kept.
using Failed = std::function<void(const Batch& batch, const std::string& error)>;

/// How points are run.
struct PointRunner {
  /// Which of them go together.
  std::function<std::vector<Batch>(std::span<const std::size_t> points)> cut;
  /// Runs the batches, one after the other or all at once; points are handed over in any order.
  std::function<void(std::span<const Batch> batches, const Done& done, const Failed& failed)> run;
};

/// Runs those of `points` that the folder does not have yet and keeps each. A point whose batch
/// fails is tried once more, alone; the message of the second time is returned for it, and the
/// others go on. `Interrupted` goes through: the same call goes on from there.
[[nodiscard]] std::map<std::size_t, std::string> run_points(StudyFolder& folder,
                                                            std::span<const std::size_t> points,
                                                            const PointRunner& runner,
                                                            Progress& progress);

}  // namespace toxvol::study
