#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/side_by_side.hpp"

/// Which runs a walk-forward needs, besides the stitched one (docs/walkforward.md).
namespace toxvol::jobs {

/// The request's design, with its `[walkforward]`. Throws `UsageError` for a list of variants.
[[nodiscard]] study::Design walk_design(const StudyRequest& request);

[[nodiscard]] std::vector<study::Fold> walk_folds(const study::WalkForward& rule,
                                                  const study::DesignPoints& points,
                                                  const study::Window& window);

/// All that is passed to it has to outlive it; `signals` are of the user's own signal, or null.
class WalkPlan {
 public:
  /// Throws `Error` where no candidate is left.
  WalkPlan(const study::Design& design, const study::DesignPoints& points,
           const FittedSignals* signals, const StudyRunner& runner);

  [[nodiscard]] const config::Config& base() const { return base_; }
  [[nodiscard]] const std::vector<const study::Point*>& candidates() const { return candidates_; }
  [[nodiscard]] const std::vector<study::Fold>& folds() const { return folds_; }
  /// Points of the design that a configuration refused.
  [[nodiscard]] std::int64_t refused() const { return refused_; }
  /// The candidate that the base is, if it is one.
  [[nodiscard]] std::optional<std::size_t> base_candidate() const;

  // Numbers of points: the candidates and the base, fold by fold; then the two beside the stitched
  // run.
  [[nodiscard]] std::size_t number_of(std::size_t fold, std::size_t candidate) const {
    return fold * (candidates_.size() + 1) + candidate;
  }
  [[nodiscard]] std::size_t base_number(std::size_t fold) const {
    return number_of(fold, candidates_.size());
  }
  [[nodiscard]] std::size_t beside_number(std::size_t which) const {
    return number_of(folds_.size(), which);
  }

  /// Each candidate on each training window, and the base beside the stitched run.
  [[nodiscard]] std::vector<StudyTask> training_tasks() const;
  /// The base on a training window, for a fold without an eligible candidate.
  [[nodiscard]] StudyTask fallback_task(std::size_t fold) const;
  /// Every task that there may come to be.
  [[nodiscard]] std::vector<StudyTask> all_tasks() const;

 private:
  [[nodiscard]] study::Window window_of(Timestamp from, Timestamp to) const;
  [[nodiscard]] StudyTask training_of(std::size_t fold, std::size_t number,
                                      const config::Config& config) const;
  [[nodiscard]] study::RunSpec beside_spec(factors::ThresholdFit way) const;

  const study::WalkForward& rule_;
  const config::Config& base_;
  const FittedSignals* signals_;
  const StudyRunner& runner_;
  std::vector<const study::Point*> candidates_;
  std::vector<study::Fold> folds_;
  std::int64_t refused_ = 0;
};

}  // namespace toxvol::jobs
