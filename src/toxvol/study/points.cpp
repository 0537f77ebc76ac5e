#include "toxvol/study/points.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::study {

namespace {

class Work {
 public:
  Work(StudyFolder& folder, const PointRunner& runner, Progress& progress)
      : folder_{folder}, runner_{runner}, progress_{progress} {}

  /// Side by side; those that did not get there are left to do again.
  void together(std::span<const std::size_t> points) {
    const auto error = attempt(points);
    for (const std::size_t point : points) {
      if (kept_.contains(point)) continue;
      progress_.tell(fmt::format("point {}: {}; it is tried once more", point, error));
      again_.push_back(point);
    }
  }
  [[nodiscard]] std::map<std::size_t, std::string> alone() {
    std::map<std::size_t, std::string> failed;
    for (const std::size_t point : again_) {
      const auto error = attempt({&point, 1});
      if (kept_.contains(point)) continue;
      progress_.tell(fmt::format("point {} failed: {}", point, error));
      failed.emplace(point, error);
      progress_.advance(1, 0);
    }
    return failed;
  }

 private:
  std::string attempt(std::span<const std::size_t> points) {
    try {
      runner_.run(points, [this](std::size_t point, const std::string& blob) {
        folder_.keep(point, blob);
        kept_.emplace(point, true);
        progress_.advance(1, 0);
      });
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      return error.what();
    }
    return "it came to no result";
  }

  StudyFolder& folder_;
  const PointRunner& runner_;
  Progress& progress_;
  std::map<std::size_t, bool> kept_;
  std::vector<std::size_t> again_;
};

}  // namespace

std::map<std::size_t, std::string> run_points(StudyFolder& folder,
                                              std::span<const std::size_t> points,
                                              const PointRunner& runner, Progress& progress) {
  TOXVOL_ASSERT(runner.side_by_side > 0);
  std::vector<std::size_t> pending;
  for (const std::size_t point : points) {
    if (!folder.point(point)) pending.push_back(point);
  }
  if (pending.size() < points.size()) {
    progress.tell(fmt::format("{} of {} points were done before", points.size() - pending.size(),
                              points.size()));
  }
  progress.begin("points", static_cast<std::int64_t>(pending.size()));
  Work work{folder, runner, progress};
  for (std::size_t at = 0; at < pending.size(); at += runner.side_by_side) {
    const std::size_t count = std::min(runner.side_by_side, pending.size() - at);
    work.together(std::span{pending}.subspan(at, count));
  }
  return work.alone();
}

}  // namespace toxvol::study
