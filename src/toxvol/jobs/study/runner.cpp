#include "toxvol/jobs/study/runner.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/run_facts.hpp"
#include "toxvol/jobs/study/batch_threads.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "toxvol/jobs/study/part.hpp"
#include "toxvol/jobs/trials.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/outcome_text.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/points.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/study_folder.hpp"
#include "toxvol/study/training.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

namespace {

/// The trial log needs no interval.
constexpr int kNoIntervals = 1;

void check_can_run_elsewhere(const StudyRequest& request) {
  if (request.jobs > 0) {
    throw UsageError{
        "--jobs: of --ray, the cluster decides how many points run at once; leave one of both out"};
  }
  if (request.market.catalog.empty()) {
    throw UsageError{
        "--ray: workers share a catalog, raw files they do not; make one with `toxvol ingest` and "
        "name it with --catalog"};
  }
  if (request.signal_fit) {
    throw UsageError{
        "--ray: a signal that is fitted in each fold runs in this process (docs/scale.md); leave "
        "--ray out"};
  }
}

void check_asked(const FinishedPoint& point, const study::Batch& batch) {
  if (std::find(batch.begin(), batch.end(), point.number) != batch.end()) return;
  throw Error{
      fmt::format("--ray: a worker gave point {}, which it was not asked for; please report this",
                  point.number)};
}

/// Notices a point that was run on other rows than those before it: what a catalog's records say of
/// its files is compared before, what was read only shows in the trials.
class SameRows {
 public:
  void check(const FinishedPoint& point, const StudyTask& task) {
    const auto trial = nlohmann::json::parse(point.trial);
    std::string key = fmt::format("{} {}", trial.at("from").get<std::string>(),
                                  trial.at("to").get<std::string>());
    for (const Kind kind : kKinds) key += task.spec.inputs[kind] ? '1' : '0';
    const auto read = trial.at("inputs").get<std::string>();
    const auto& first = seen_.try_emplace(key, point.number, read).first->second;
    if (first.second == read) return;
    throw Error{
        fmt::format("--ray: point {} was run on other rows than point {}: a catalog holds other "
                    "files than its records say; find it with `toxvol check --deep` on each "
                    "machine, then run the same command with --force",
                    point.number, first.first),
        ErrorCode::Corrupt};
  }

 private:
  std::map<std::string, std::pair<std::size_t, std::string>> seen_;  // the first, and its rows
};

/// Tells the minutes of runs that go side by side as so many of these points done, until they are.
class BatchProgress final : public Progress {
 public:
  BatchProgress(Progress& progress, const study::Window& window, std::size_t points)
      : progress_{progress},
        minutes_{std::max<std::int64_t>(1, (window.to - window.from) / kMinute)},
        points_{static_cast<std::int64_t>(points)} {}

  void advance(std::int64_t minutes, std::int64_t rows) override {
    passed_ = std::min(passed_ + minutes, minutes_);
    const std::int64_t done = points_ * passed_ / minutes_;
    progress_.advance(done - std::exchange(told_, done), rows);
  }
  /// They are told as done by whoever keeps them, or are to be run again.
  void take_back() { progress_.advance(-std::exchange(told_, 0), 0); }

 private:
  Progress& progress_;
  std::int64_t minutes_;
  std::int64_t points_;
  std::int64_t passed_ = 0;
  std::int64_t told_ = 0;
};

Timestamp now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace

study::Design design_of(const StudyRequest& request) {
  return request.design_text.empty() ? study::load_design(request.design)
                                     : study::parse_design(request.design_text, request.design);
}

bool names_base(const ConfigOptions& options) {
  return !options.preset.empty() || !options.file.empty() || !options.sets.empty() ||
         !options.symbol.empty();
}

StudyRunner::StudyRunner(const StudyRequest& request, const config::Config& base,
                         Progress& progress)
    : request_{request},
      source_{request.market, base.symbol, request.out.parent_path()},
      log_{request.part ? std::filesystem::path{} : trial_log(request.market, request.trials)},
      unit_{parse_unit(request.unit)},
      resampling_{.seed = request.seed, .resamples = request.resamples, .cache = &cache_} {
  check_market_folders(request.market);
  if (request.elsewhere) check_can_run_elsewhere(request);
  study::check_can_run_in_study(base);
  check_resamples(request.resamples);
  Market market = open_market(request.market, base, request.out.parent_path(), progress);
  window_ = {.instrument = market.instrument,
             .begin = market.from - config::warmup(base),
             .from = market.from,
             .to = market.to};
  inputs_ = market.inputs;
  synthetic_ = market.synthetic;
  check_idle_keys(base, request.has_signal());
  if (request.signal) {
    own_ = signal_of_study(*request.signal, market, base, progress);
    own_sha256_ = own_->sha256;
  }
}

void StudyRunner::follow(const FittedSignals& signals) {
  own_ = signals.stitched;
  own_sha256_ = signals.sha256;
}

std::string StudyRunner::circumstances() const {
  return fmt::format(
      "toxvol {}\nunit {}\nresamples {}\nwindow {} {} {}\n{}{}", kVersion, study::name(unit_),
      resampling_.resamples, source_.symbol(), to_string(window_.from), to_string(window_.to),
      source_.identity(window_.begin, window_.to), own_ ? run::signal_line(own_sha256_) : "");
}

void StudyRunner::keep_origin(const study::StudyFolder& folder) const {
  if (const auto label = source_.synthetic_label()) {
    io::write_file_atomically(folder.path() / label->filename(), io::read_file(*label));
  }
  if (own_) run::write_signal(folder.path() / run::kSignalFile, *own_->rows);
}

study::RunSpec StudyRunner::spec_of(const config::Config& config) const {
  Inputs inputs = inputs_;
  if (config.inputs) {
    for (const Kind kind : kKinds) inputs[kind] = inputs[kind] && (*config.inputs)[kind];
  }
  study::RunSpec spec{.config = config, .inputs = inputs, .own = own_};
  spec.config.inputs = inputs;
  return spec;
}

std::vector<FinishedPoint> StudyRunner::run_batch(std::span<const StudyTask> tasks,
                                                  const std::string& study_id, Progress& progress) {
  const study::Window window = tasks.front().window.value_or(window_);
  std::vector<study::RunSpec> specs;
  for (const StudyTask& task : tasks) specs.push_back(task.spec);
  const study::LendMarket lend = [&](const Inputs& kinds, const auto& use) {
    catalog::OpenedMarket opened = source_.open(window.begin, window.to, kinds);
    use(std::move(opened.data));
  };
  BatchProgress fitting{progress, window, 0};
  study::fit(specs, tasks.front().fits, window, lend, fitting);
  study::fit_in_sample(specs, window, lend, fitting);
  catalog::OpenedMarket opened = source_.open(window.begin, window.to, inputs_);
  const auto inputs_read = [&opened](const Inputs& kinds) {
    return run_inputs(*opened.inputs, kinds);
  };
  BatchProgress inside{progress, window, tasks.size()};
  std::vector<study::Outcome> outcomes;
  try {
    outcomes =
        study::run_side_by_side(std::move(opened.data), window, specs, unit_, inputs_read, inside);
  } catch (const Error&) {
    inside.take_back();
    throw;
  }
  inside.take_back();
  std::vector<FinishedPoint> finished;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto& own = specs[i].own;
    study::Trial trial = study::trial_of(
        {.config_sha256 = outcomes[i].config_sha256,
         .symbol = source_.symbol(),
         .from = window.from,
         .to = window.to,
         .input_lines = run::input_lines(inputs_read(specs[i].inputs)),
         .signal_sha256 = own ? std::optional{own->sha256} : std::nullopt},
        outcomes[i].summary,
        study::infer(outcomes[i].returns, {.seed = resampling_.seed, .resamples = kNoIntervals}));
    trial.kind = tasks[i].kind;
    trial.study = study_id;
    trial.at = now();
    trial.synthetic = synthetic_;
    trial.version = kVersion;
    outcomes[i].trial = trial.id;
    if (!tasks[i].fits.empty() || specs[i].known_as) {
      outcomes[i].fitted = config::to_toml(specs[i].config);
    }
    finished.push_back({.number = tasks[i].number,
                        .trial = study::line_of(trial),
                        .outcome = study::to_text(outcomes[i])});
  }
  return finished;
}

study::LoggedStudy* StudyRunner::logged(const study::StudyFolder& folder, Progress& progress) {
  if (log_.empty()) return nullptr;
  if (logged_) return &*logged_;
  try {
    logged_ =
        folder.goes_on() ? study::LoggedStudy{folder.id(), log_} : study::LoggedStudy{folder.id()};
  } catch (const Error& error) {
    give_log_up(error, progress);
    return nullptr;
  }
  return &*logged_;
}

void StudyRunner::give_log_up(const Error& error, Progress& progress) {
  progress.tell(not_counted(error.what()));
  log_.clear();
}

void StudyRunner::keep(const std::vector<FinishedPoint>& points, const study::StudyFolder& folder,
                       const study::Done& done, Progress& progress) {
  std::string lines;
  for (const FinishedPoint& point : points) lines += point.trial;
  // Where it was killed between here and the folder, the log has them already.
  if (study::LoggedStudy* known = logged(folder, progress)) lines = known->take_new(lines);
  if (!log_.empty() && !lines.empty()) {
    try {
      study::append_to_trial_log(log_, lines);
    } catch (const Error& error) {
      give_log_up(error, progress);
    }
  }
  for (const FinishedPoint& point : points) done(point.number, point.outcome);
}

void StudyRunner::run_elsewhere(const study::StudyFolder& folder, const TasksByNumber& tasks,
                                std::span<const study::Batch> batches, const study::Done& done,
                                const study::Failed& failed, Progress& progress) {
  Elsewhere& elsewhere = *request_.elsewhere;
  elsewhere.hand_out({.study = told(request_, own_ ? own_->rows.get() : nullptr),
                      .circumstances = circumstances(),
                      .study_id = folder.id(),
                      .batches = {batches.begin(), batches.end()}});
  SameRows same_rows;
  const auto check = [&](const study::Batch& batch, const PartResult& result) {
    for (const FinishedPoint& point : result.points) {
      check_asked(point, batch);
      same_rows.check(point, *tasks.at(point.number));
    }
  };
  keep_in_order(folder, [&] { return elsewhere.take(); }, check, batches, done, failed, progress);
}

std::vector<study::ResultRow> StudyRunner::result_rows(std::span<const study::Point> points,
                                                       const study::NumberOf& number,
                                                       const study::PointResults& results) const {
  const auto for_each = [&](std::size_t count, const std::function<void(std::size_t)>& work) {
    catalog::in_parallel(count, threads_of(request_.jobs), work);
  };
  return study::result_rows(points, number, results, resampling_, for_each);
}

std::size_t StudyRunner::threads() const {
  return static_cast<std::size_t>(threads_of(request_.jobs));
}

void StudyRunner::run_here(const study::StudyFolder& folder, const TasksByNumber& tasks,
                           std::span<const study::Batch> batches, const study::Done& done,
                           const study::Failed& failed, Progress& progress) {
  const auto run = [&](const study::Batch& batch, Progress& watched) {
    std::vector<StudyTask> some;
    for (const std::size_t point : batch) some.push_back(*tasks.at(point));
    return run_batch(some, folder.id(), watched);
  };
  BatchThreads running{batches, threads(), run, progress};
  const auto trusted = [](const study::Batch&, const PartResult&) {};
  keep_in_order(folder, [&] { return running.take(); }, trusted, batches, done, failed, progress);
}

void StudyRunner::keep_in_order(const study::StudyFolder& folder, const TakeBatches& take,
                                const CheckBatch& check, std::span<const study::Batch> batches,
                                const study::Done& done, const study::Failed& failed,
                                Progress& progress) {
  std::vector<std::optional<PartResult>> returned(batches.size());
  for (std::size_t next = 0; next < batches.size();) {
    for (ReturnedBatch& batch : take()) returned.at(batch.batch) = std::move(batch.result);
    for (; next < batches.size(); ++next) {
      const std::optional<PartResult> result = std::exchange(returned[next], std::nullopt);
      if (!result) break;
      check(batches[next], *result);
      keep(result->points, folder, done, progress);
      if (!result->failure.empty()) failed(batches[next], result->failure);
    }
    progress.advance(0, 0);  // whether the user wants to stop
  }
}

study::PointResults StudyRunner::run(study::StudyFolder& folder,
                                     const std::vector<StudyTask>& wanted, Progress& progress) {
  const std::vector<StudyTask> tasks = in_order(wanted);
  std::vector<std::size_t> numbers;
  TasksByNumber by_number;
  for (const StudyTask& task : tasks) {
    numbers.push_back(task.number);
    by_number.emplace(task.number, &task);
  }
  const study::PointRunner runner{
      .cut =
          [&](std::span<const std::size_t> points) {
            const BatchSize size =
                request_.elsewhere
                    ? batch_size_elsewhere(points.size(), request_.elsewhere->workers())
                    : batch_size_here(points.size(), threads());
            return cut(points, by_number, size);
          },
      .run =
          [&](std::span<const study::Batch> batches, const study::Done& done,
              const study::Failed& failed) {
            const auto run =
                request_.elsewhere ? &StudyRunner::run_elsewhere : &StudyRunner::run_here;
            (this->*run)(folder, by_number, batches, done, failed, progress);
          }};
  study::PointResults results;
  results.failed = study::run_points(folder, numbers, runner, progress);
  for (const std::size_t number : numbers) {
    if (const auto text = folder.point(number)) {
      results.outcomes.emplace(number, study::outcome_of(*text));
    }
  }
  return results;
}

void StudyRunner::end(const study::StudyFolder& folder, std::string_view type,
                      const study::Members& members, const study::ResultRow* best,
                      Progress& progress) {
  study::TrialFigures figures;
  if (const study::LoggedStudy* known = logged(folder, progress)) {
    try {
      if (!known->has_end()) {
        study::append_to_trial_log(log_, study::line_of(study::StudyEnd{.id = folder.id(),
                                                                        .type = std::string{type},
                                                                        .members = members.count,
                                                                        .rho = members.rho,
                                                                        .n_hat = members.n_hat}));
      }
      const study::TrialLog log = study::read_trial_log(log_);
      const study::Trial* own =
          best != nullptr && best->outcome != nullptr ? log.counted(best->outcome->trial) : nullptr;
      if (own != nullptr) {
        figures = study::figures_of(log, log_.string(), study::family_of(log, *own), *own);
      }
    } catch (const Error& error) {
      progress.tell(not_counted(error.what()));
    }
  }
  io::write_file_atomically(folder.path() / "trials.json", study::trials_json(figures));
}

}  // namespace toxvol::jobs
