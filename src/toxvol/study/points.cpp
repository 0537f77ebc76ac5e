#include "toxvol/study/points.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/progress.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::study {

namespace {

class Work {
 public:
  Work(StudyFolder& folder, const PointRunner& runner, Progress& progress)
      : folder_{folder}, runner_{runner}, progress_{progress} {}

  /// Those that do not get there are left to do again.
  void together(std::span<const Batch> batches) {
    attempt(batches, [this](std::size_t point, const std::string& error) {
      progress_.tell(fmt::format("point {}: {}; it is tried once more", point, error));
      again_.push_back({point});
    });
  }
  [[nodiscard]] std::map<std::size_t, std::string> alone() {
    std::map<std::size_t, std::string> failed;
    attempt(again_, [&](std::size_t point, const std::string& error) {
      progress_.tell(fmt::format("point {} failed: {}", point, error));
      failed.emplace(point, error);
      progress_.advance(1, 0);
    });
    return failed;
  }

 private:
  void attempt(std::span<const Batch> batches,
               const std::function<void(std::size_t point, const std::string& error)>& missed) {
    std::set<std::size_t> told;
    const Failed failed = [&](const Batch& batch, const std::string& error) {
      for (const std::size_t point : batch) {
        if (!kept_.contains(point) && told.insert(point).second) missed(point, error);
      }
    };
    const Done done = [this](std::size_t point, const std::string& blob) {
      folder_.keep(point, blob);
      kept_.insert(point);
      progress_.advance(1, 0);
    };
    if (!batches.empty()) runner_.run(batches, done, failed);
    for (const Batch& batch : batches) failed(batch, "it came to no result");
  }

  StudyFolder& folder_;
  const PointRunner& runner_;
  Progress& progress_;
  std::set<std::size_t> kept_;
  std::vector<Batch> again_;
};

}  // namespace

std::map<std::size_t, std::string> run_points(StudyFolder& folder,
                                              std::span<const std::size_t> points,
                                              const PointRunner& runner, Progress& progress) {
  std::vector<std::size_t> pending;
  for (const std::size_t point : points) {
    if (!folder.point(point)) pending.push_back(point);
  }
  if (pending.size() < points.size()) {
    progress.tell(fmt::format("{} of {} points were done before", points.size() - pending.size(),
                              points.size()));
  }
  progress.begin("points", static_cast<std::int64_t>(pending.size()));
  if (pending.empty()) return {};
  Work work{folder, runner, progress};
  work.together(runner.cut(pending));
  return work.alone();
}

}  // namespace toxvol::study
