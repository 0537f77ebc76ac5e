#include "toxvol/jobs/study/walk_plan.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::jobs {

namespace {

using factors::ThresholdFit;

/// Of the base beside the stitched run, in the order of their numbers.
constexpr ThresholdFit kBeside[] = {ThresholdFit::Trailing, ThresholdFit::Sample};

/// R38: so long may a position of the training window live on. The base is trained where a fold may
/// fall back to it, whether it is a candidate or not.
Duration purge_of(const study::WalkForward& rule, const study::DesignPoints& points) {
  if (rule.purge) return *rule.purge;
  const bool may_fall_back = rule.fallback == study::WalkForward::Fallback::Base;
  Duration longest = may_fall_back ? points.base.strategy.exit.max_hold : Duration{};
  for (const study::Point& point : points.points) {
    if (point.status != study::PointStatus::Ok) continue;
    longest = std::max(longest, point.config.strategy.exit.max_hold);
  }
  return std::chrono::ceil<std::chrono::hours>(longest);
}

/// As `walk_design` has given it.
const study::WalkForward& rule_of(const study::Design& design) {
  return held(design.walkforward);
}

}  // namespace

study::Design walk_design(const StudyRequest& request) {
  study::Design design;
  if (!request.design.empty()) design = design_of(request);
  if (design.kind == study::DesignKind::List) {
    throw UsageError{
        "walkforward: candidates are the points of axes (design = \"grid\", \"random\" or "
        "\"sobol\"), not a list of variants"};
  }
  if (!design.walkforward) design.walkforward.emplace();
  return design;
}

std::vector<study::Fold> walk_folds(const study::WalkForward& rule,
                                    const study::DesignPoints& points,
                                    const study::Window& window) {
  return study::folds({.scheme = rule.scheme,
                       .train = rule.train,
                       .test = rule.test,
                       .gap = purge_of(rule, points) + rule.embargo},
                      window.from, window.to);
}

WalkPlan::WalkPlan(const study::Design& design, const study::DesignPoints& points,
                   const FittedSignals* signals, const StudyRunner& runner)
    : rule_{rule_of(design)}, base_{points.base}, signals_{signals}, runner_{runner} {
  for (const study::Point& point : points.points) {
    if (point.status == study::PointStatus::Ok) {
      candidates_.push_back(&point);
    } else {
      ++refused_;
    }
  }
  if (candidates_.empty()) {
    throw Error{
        fmt::format("{}: no candidate is left: {}", design.file, points.points.front().message)};
  }
  folds_ = walk_folds(rule_, points, runner.window());
}

std::optional<std::size_t> WalkPlan::base_candidate() const {
  const std::string base = config::to_toml(base_);
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    if (config::to_toml(candidates_[i]->config) == base) return i;
  }
  return std::nullopt;
}

study::Window WalkPlan::window_of(Timestamp from, Timestamp to) const {
  return {.instrument = runner_.window().instrument,
          .begin = from - config::warmup(base_),
          .from = from,
          .to = to};
}

StudyTask WalkPlan::training_of(std::size_t fold, std::size_t number,
                                const config::Config& config) const {
  study::RunSpec spec = runner_.spec_of(config);
  if (signals_ != nullptr) spec.own = signals_->training[fold];
  return {.number = number,
          .spec = std::move(spec),
          .kind = study::TrialKind::Train,
          .window = window_of(folds_[fold].train_from, folds_[fold].train_to),
          .fits = rule_.fit};
}

std::vector<StudyTask> WalkPlan::training_tasks() const {
  std::vector<StudyTask> tasks;
  for (std::size_t k = 0; k < folds_.size(); ++k) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      tasks.push_back(training_of(k, number_of(k, i), candidates_[i]->config));
    }
  }
  for (std::size_t i = 0; i < std::size(kBeside); ++i) {
    tasks.push_back({.number = beside_number(i),
                     .spec = beside_spec(kBeside[i]),
                     .kind = study::TrialKind::Run,
                     .window = window_of(folds_.front().test_from, folds_.back().test_to)});
  }
  return tasks;
}

StudyTask WalkPlan::fallback_task(std::size_t fold) const {
  return training_of(fold, base_number(fold), base_);
}

std::vector<StudyTask> WalkPlan::all_tasks() const {
  std::vector<StudyTask> tasks = training_tasks();
  for (std::size_t k = 0; k < folds_.size(); ++k) tasks.push_back(fallback_task(k));
  return tasks;
}

/// The base on the hours of the stitched run: its thresholds, or the user's function, as a plain
/// run has them or learned from those very hours.
study::RunSpec WalkPlan::beside_spec(ThresholdFit way) const {
  study::RunSpec spec = runner_.spec_of(base_);
  if (signals_ != nullptr) {
    if (way == factors::ThresholdFit::Sample) spec.own = signals_->sample;
    return spec;
  }
  factors::ThresholdParams thresholds;
  thresholds.quantile_min_count = base_.strategy.factors.thresholds.quantile_min_count;
  thresholds.fit = way;
  spec.config.strategy.factors.thresholds = thresholds;
  return spec;
}

}  // namespace toxvol::jobs
