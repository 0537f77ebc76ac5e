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

/// Hands over what a point came to.
using Done = std::function<void(std::size_t point, std::string blob)>;

/// How points are run: some of them side by side, each handed to `done` when it is finished, in any
/// order. May throw; points that were handed over by then are kept.
struct PointRunner {
  std::size_t side_by_side = 1;
  std::function<void(std::span<const std::size_t> points, const Done& done)> run;
};

/// Runs those of `points` that the folder does not have yet and keeps each. A point whose run
/// throws is tried once more, alone; the message of the second time is returned for it, and the
/// others go on. `Interrupted` goes through: the same call goes on from there.
[[nodiscard]] std::map<std::size_t, std::string> run_points(StudyFolder& folder,
                                                            std::span<const std::size_t> points,
                                                            const PointRunner& runner,
                                                            Progress& progress);

}  // namespace toxvol::study
