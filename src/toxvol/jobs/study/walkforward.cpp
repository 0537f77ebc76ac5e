#include "toxvol/jobs/study/walkforward.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/run_engine.hpp"
#include "toxvol/jobs/run_facts.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/jobs/study/walk_plan.hpp"
#include "toxvol/jobs/trials.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/axis_names.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/fold_outcomes.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/run_recorder.hpp"
#include "toxvol/study/selection.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/stages.hpp"
#include "toxvol/study/study_folder.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/walkforward.hpp"

namespace toxvol::jobs {

namespace {

using Fallback = study::WalkForward::Fallback;

/// One walk-forward from its folder on. `signals`: of the user's own signal, or null.
class Walk {
 public:
  Walk(const StudyRequest& request, const study::Design& design, const WalkPlan& plan,
       const FittedSignals* signals, StudyRunner& runner, study::StudyFolder& folder,
       Progress& progress)
      : request_{request},
        design_{design},
        plan_{plan},
        rule_{held(design.walkforward)},
        base_{plan.base()},
        signals_{signals},
        runner_{runner},
        folder_{folder},
        progress_{progress},
        candidates_{plan.candidates()},
        folds_{plan.folds()} {
    result_.refused = plan.refused();
    if (folds_.back().test_to < runner.window().to) result_.tail = folds_.back().test_to;
  }

  /// study.json. `design_json` as the folder has it.
  [[nodiscard]] std::string run(const std::string& design_json) {
    train();
    choose();
    const study::StitchedOutcome stitched = stitch();
    return write(stitched, design_json);
  }

 private:
  /// What is in force on a fold's test window.
  struct Choice {
    study::FoldStatus status = study::FoldStatus::Selected;
    std::optional<std::size_t> candidate;
    config::Config config;
    bool enters = true;
    const study::Outcome* training = nullptr;
  };

  void train() {
    results_ = runner_.run(folder_, plan_.training_tasks(), progress_);
    for (std::size_t k = 0; k < folds_.size(); ++k) {
      for (std::size_t i = 0; i < candidates_.size(); ++i) add_candidate(k, i);
    }
  }

  [[nodiscard]] const study::Outcome* outcome_of(std::size_t number) const {
    const auto found = results_.outcomes.find(number);
    return found == results_.outcomes.end() ? nullptr : &found->second;
  }
  [[nodiscard]] study::ResultRow row_of(std::size_t number) {
    if (const study::Outcome* outcome = outcome_of(number)) {
      return study::result_of(*outcome, runner_.resampling());
    }
    study::ResultRow row;
    row.status = study::PointStatus::Failed;
    if (const auto found = results_.failed.find(number); found != results_.failed.end()) {
      row.note = found->second;
    }
    return row;
  }

  void add_candidate(std::size_t fold, std::size_t candidate) {
    study::CandidateRow row;
    row.fold = static_cast<std::int32_t>(fold);
    row.point = static_cast<std::int32_t>(candidates_[candidate]->index);
    row.result = row_of(plan_.number_of(fold, candidate));
    if (row.result.outcome != nullptr) row.score = study::score_of(rule_, *row.result.outcome);
    result_.candidates.push_back(std::move(row));
  }

  [[nodiscard]] std::span<const study::CandidateRow> candidates_of(std::size_t fold) const {
    return std::span{result_.candidates}.subspan(fold * candidates_.size(), candidates_.size());
  }

  void choose() {
    choices_.resize(folds_.size());
    std::vector<StudyTask> fallbacks;
    for (std::size_t k = 0; k < folds_.size(); ++k) {
      std::vector<study::Score> scores;
      for (const study::CandidateRow& row : candidates_of(k)) scores.push_back(row.score);
      Choice& choice = choices_[k];
      choice.candidate = study::select(rule_, scores);
      if (choice.candidate) continue;
      choice.status =
          rule_.fallback == Fallback::Flat ? study::FoldStatus::Flat : study::FoldStatus::Fallback;
      if (choice.status == study::FoldStatus::Fallback && !plan_.base_candidate()) {
        fallbacks.push_back(plan_.fallback_task(k));
      }
    }
    study::PointResults more = runner_.run(folder_, fallbacks, progress_);
    results_.outcomes.merge(more.outcomes);
    results_.failed.merge(more.failed);
    for (std::size_t k = 0; k < folds_.size(); ++k) settle(k);
  }

  void settle(std::size_t fold) {
    Choice& choice = choices_[fold];
    choice.config = runner_.spec_of(base_).config;
    if (choice.status == study::FoldStatus::Flat) {  // whatever is open is managed, nothing begun
      choice.config.strategy.alpha_a.enabled = false;
      choice.config.strategy.alpha_b.enabled = false;
      choice.enters = signals_ == nullptr;  // who has a signal of his own does not ask the alphas
      return;
    }
    std::size_t number = plan_.base_number(fold);
    if (const auto candidate = choice.candidate ? choice.candidate : plan_.base_candidate()) {
      number = plan_.number_of(fold, *candidate);
      choice.config = runner_.spec_of(candidates_[*candidate]->config).config;
    }
    choice.training = outcome_of(number);
    if (choice.training == nullptr) {
      const auto failed = results_.failed.find(number);
      throw Error{fmt::format("walkforward: fold {} has no configuration to go on with: {}", fold,
                              failed == results_.failed.end() ? "" : failed->second)};
    }
    if (!choice.training->fitted.empty()) {
      choice.config = config::parse(choice.training->fitted, folder_.path().string());
    }
  }

  /// The run of all folds, one after the other, in a run folder of its own.
  study::StitchedOutcome stitch() {
    std::vector<study::Stage> stages;
    std::vector<study::FoldConfig> configs;
    for (std::size_t k = 0; k < folds_.size(); ++k) {
      const Choice& choice = choices_[k];
      stages.push_back(
          {.from = folds_[k].test_from, .params = choice.config.strategy, .enters = choice.enters});
      configs.push_back(
          {.from = folds_[k].test_from, .config = choice.config, .enters = choice.enters});
      io::write_file_atomically(folder_.path() / fmt::format("fold-{:02}.toml", k),
                                config::to_toml(choice.config));
    }
    const std::filesystem::path out = folder_.path() / "oos";
    MarketOptions wanted = request_.market;
    wanted.from = to_string(folds_.front().test_from);
    wanted.to = to_string(folds_.back().test_to);
    wanted.is_settled = true;  // N1: once, over the study's whole window
    const RunClock clock;
    config::Config base = base_;
    base.inputs = runner_.inputs();
    Market market = open_market(wanted, base, folder_.path(), progress_);
    std::optional<SignalOfRun> signal;
    if (signals_ != nullptr) {
      const SignalInput input{.name = "signal", .rows = *signals_->stitched.rows};
      signal.emplace(input, base, market, progress_);
    }
    study::RunRecorder recorder{out, true};
    study::FoldOutcomes outcomes{folds_, runner_.unit(), recorder};
    run_stages(
        std::move(stages), market, base_, signal ? signal->own() : nullptr,
        [&outcomes](const strategy::DecisionRow& row) { outcomes.record(row); }, outcomes,
        progress_);

    run::RunInfo info = run_info(base_, market);
    if (signal) {
      info.strategy = "signal";
      info.signal = signal->info();
    }
    info.config_json = study::stitched_config_json(base_, market.inputs, configs);
    study::StitchedOutcome stitched = outcomes.finish(info.config_json, market.inputs, info.inputs);
    const study::RecordedRun made = recorder.commit(info, clock.stop({}, request_.market.catalog),
                                                    {.kind = study::TrialKind::Walkforward,
                                                     .at = clock.started(),
                                                     .log = runner_.log(),
                                                     .study = folder_.id(),
                                                     .logged = runner_.logged(folder_, progress_)});
    stitched.whole.trial = made.trials.id;
    if (!made.log_failure.empty()) progress_.tell(not_counted(made.log_failure));
    return stitched;
  }

  /// The tables; the text of study.json.
  std::string write(const study::StitchedOutcome& stitched, const std::string& design_json) {
    for (std::size_t k = 0; k < folds_.size(); ++k) add_fold(k, stitched.folds[k]);
    std::vector<study::ResultRow> judged{study::result_of(stitched.whole, runner_.resampling()),
                                         row_of(plan_.beside_number(0)),
                                         row_of(plan_.beside_number(1))};
    result_.contest = study::judge(judged, {true, true, true}, runner_.resampling());
    result_.stitched = judged[0];
    result_.trailing = judged[1];
    result_.sample = judged[2];
    study::write_table(folder_.path() / "folds.parquet",
                       std::span<const study::FoldRow>{result_.folds});
    study::write_table(folder_.path() / "candidates.parquet",
                       std::span<const study::CandidateRow>{result_.candidates});
    result_.members = members();
    runner_.end(folder_, "walkforward", result_.members, &result_.stitched, progress_);
    return study::walkforward_json(folder_.id(), design_json, result_, runner_.resampling());
  }

  void add_fold(std::size_t fold, const study::Outcome& out_of_sample) {
    const Choice& choice = choices_[fold];
    study::FoldRow row;
    row.fold = static_cast<std::int32_t>(fold);
    row.window = folds_[fold];
    row.status = choice.status;
    for (const study::CandidateRow& candidate : candidates_of(fold)) {
      row.eligible += candidate.score.eligible ? 1 : 0;
    }
    if (choice.candidate) {
      row.point = static_cast<std::int32_t>(candidates_[*choice.candidate]->index);
      row.objective = candidates_of(fold)[*choice.candidate].score.objective;
    }
    row.axes = study::axes_of(design_, choice.config);
    if (choice.status != study::FoldStatus::Flat) {
      row.fitted = study::fitted_of(choice.config, rule_);
    }
    if (choice.training != nullptr) {
      row.in_sample = study::result_of(*choice.training, runner_.resampling());
    }
    row.out_of_sample = study::result_of(out_of_sample, runner_.resampling());
    result_.folds.push_back(std::move(row));
  }

  /// The candidates of a fold are over the same hours. Every other run is one more; a training that
  /// a fold goes on with is a candidate's, or the base's that it falls back to.
  [[nodiscard]] study::Members members() const {
    std::vector<study::TrialRows> together(folds_.size());
    for (std::size_t k = 0; k < folds_.size(); ++k) {
      for (const study::CandidateRow& row : candidates_of(k)) together[k].push_back(&row.result);
    }
    study::TrialRows others{&result_.stitched, &result_.trailing, &result_.sample};
    for (const study::FoldRow& fold : result_.folds) others.push_back(&fold.in_sample);
    return study::members_of(together, others);
  }

  const StudyRequest& request_;
  const study::Design& design_;
  const WalkPlan& plan_;
  const study::WalkForward& rule_;
  const config::Config& base_;
  const FittedSignals* signals_;
  StudyRunner& runner_;
  study::StudyFolder& folder_;
  Progress& progress_;
  const std::vector<const study::Point*>& candidates_;
  const std::vector<study::Fold>& folds_;
  study::PointResults results_;
  std::vector<Choice> choices_;
  study::WalkForwardResult result_;
};

}  // namespace

StudyResult run_walkforward(const StudyRequest& request, Progress& progress) {
  study::Design design = walk_design(request);
  study::check_axis_names<study::FoldRow>(design);
  study::PointOptions options{.seed = request.seed};
  if (names_base(request.config) || !design.base) options.base = resolve(request.config);
  if (request.signal_fit) refuse_other_fits(design);
  const study::DesignPoints points = study::points_of(design, options);
  check_idle_axes(design, points.base, request.has_signal());
  StudyRunner runner{request, points.base, progress};
  std::optional<FittedSignals> signals;
  if (request.signal_fit) {
    config::Config base = points.base;
    base.inputs = runner.inputs();
    signals = fit_signals(request.signal_fit, request.market, base,
                          walk_folds(held(design.walkforward), points, runner.window()), progress);
    runner.follow(*signals);
  }
  const FittedSignals* fitted = signals ? &*signals : nullptr;
  const auto tasks_of = [&](const study::DesignPoints& some) {
    return WalkPlan{design, some, fitted, runner}.all_tasks();
  };
  const auto conclude = [&](BegunStudy& begun) {
    const WalkPlan plan{design, begun.points, fitted, runner};
    return Walk{request, design, plan, fitted, runner, begun.folder, progress}.run(
        begun.design_json);
  };
  return run_study(runner, request, design, options, {.tasks = tasks_of, .conclude = conclude},
                   progress);
}

}  // namespace toxvol::jobs
