#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// Points of a study that other processes run (docs/scale.md).
namespace toxvol::jobs {

/// What a point came to, on its way to the folder of the study.
struct FinishedPoint {
  std::size_t number = 0;
  std::string trial;    // its line of the trial log
  std::string outcome;  // as text
};

/// What a process came to that ran a batch of points.
struct PartResult {
  std::vector<FinishedPoint> points;
  std::string failure;  // empty, or the message of the run; then there may be no points
};

/// What other processes need to know to run points of a study (jobs/study/part.hpp).
struct HandOut {
  std::string study;                              // the request, as text
  std::string circumstances;                      // that have to be theirs too
  std::string study_id;                           // of the design and the circumstances
  std::vector<std::vector<std::size_t>> batches;  // points that share one reading of the market
};

struct ReturnedBatch {
  std::size_t batch = 0;  // its place in what was handed out
  PartResult result;
};

/// Processes that run points, on this machine or on others.
class Elsewhere {
 public:
  Elsewhere() = default;
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;
  virtual ~Elsewhere() = default;

  /// How many batches can run at the same time. All methods throw `Error` where the others cannot
  /// be reached. Who made this object calls off what is still out when it goes.
  [[nodiscard]] virtual std::size_t workers() = 0;
  virtual void hand_out(const HandOut& what) = 0;
  /// Waits for a moment; what has come back since, each batch once, in any order. Throws `Error`
  /// where a process may not take part: its program or its data are others.
  [[nodiscard]] virtual std::vector<ReturnedBatch> take() = 0;
};

}  // namespace toxvol::jobs
