#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/points.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/study_folder.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

/// What a band assumes of the exchange, as typed. None: the usual three.
struct BandLists {
  std::vector<std::string> queues;     // --queues
  std::vector<std::string> latencies;  // --latencies
  std::vector<std::string> tiers;      // --tiers; the usual ones as far as the fee table has them
};

/// Points of the study that another process keeps, and how that one knows it.
struct StudyPart {
  std::string circumstances;
  std::string study_id;
  std::vector<std::size_t> points;
};

/// What every study is told. Fields are the long options as typed.
struct StudyRequest {
  std::string verb;
  MarketOptions market;
  ConfigOptions config;                // the base, instead of the design's
  std::string design;                  // a file; empty: the shipped one, where there is one
  std::string design_text{};           // what that file says, where it was read already
  std::vector<std::string> groups;     // of a list; none: all but `extra`
  std::vector<std::string> presets{};  // --presets: a list is run on each of them
  BandLists lists{};                   // of a band
  std::filesystem::path out;
  bool force = false;
  std::uint64_t seed = 1;  // of designs and statistics
  int resamples = 1999;
  std::string unit = "1h";
  int jobs = 0;                            // --jobs: threads for the points; 0: processors
  std::string trials;                      // a trial log instead of the catalog's
  std::optional<SignalInput> signal{};     // a user's own, in every run
  SignalFit signal_fit{};                  // or one that a walk-forward fits in each fold
  std::shared_ptr<Elsewhere> elsewhere{};  // --ray: who runs the points, instead of this process
  std::optional<StudyPart> part{};         // only these, and no folder is touched

  [[nodiscard]] bool has_signal() const { return signal.has_value() || signal_fit; }
};

/// The design of the request. Throws `Error` for what is wrong in it.
[[nodiscard]] study::Design design_of(const StudyRequest& request);

/// Whether a base is named on the command line.
[[nodiscard]] bool names_base(const ConfigOptions& options);

/// The market and the window of a study, settled by its base before any point is run, and the
/// running of its points. Throws `Error` and `Interrupted`.
class StudyRunner {
 public:
  StudyRunner(const StudyRequest& request, const config::Config& base, Progress& progress);

  [[nodiscard]] const Inputs& inputs() const { return inputs_; }
  [[nodiscard]] const study::Window& window() const { return window_; }
  [[nodiscard]] study::Unit unit() const { return unit_; }
  [[nodiscard]] stats::Resampling resampling() { return resampling_; }
  /// What the study depends on besides the design: the program, the window, the data, and the unit
  /// and the resamples of its statistics.
  [[nodiscard]] std::string circumstances() const;

  /// From here on every run is on `stitched`, unless its task says other rows.
  void follow(const FittedSignals& signals);
  /// The rows of a user's own signal, for who runs a point by itself, and the mark of a synthetic
  /// market.
  void keep_origin(const study::StudyFolder& folder) const;

  /// Runs what the folder does not have yet; each point enters the trial log before it is kept.
  [[nodiscard]] study::PointResults run(study::StudyFolder& folder,
                                        const std::vector<StudyTask>& tasks, Progress& progress);
  /// What the points came to, judged by the threads of the study.
  [[nodiscard]] std::vector<study::ResultRow> result_rows(std::span<const study::Point> points,
                                                          const study::NumberOf& number,
                                                          const study::PointResults& results) const;
  /// Its `run.inputs` are the list that the study settled on (N1).
  [[nodiscard]] study::RunSpec spec_of(const config::Config& config) const;
  /// Runs `tasks` over one reading of the market and keeps nothing.
  [[nodiscard]] std::vector<FinishedPoint> run_batch(std::span<const StudyTask> tasks,
                                                     const std::string& study_id,
                                                     Progress& progress);

  /// Ends the study in the trial log and writes its trials.json for the best point, if any.
  void end(const study::StudyFolder& folder, std::string_view type, const study::Members& members,
           const study::ResultRow* best, Progress& progress);
  [[nodiscard]] const std::filesystem::path& log() const { return log_; }
  /// What the log has of the study in `folder`; null where nothing is logged.
  [[nodiscard]] study::LoggedStudy* logged(const study::StudyFolder& folder, Progress& progress);

 private:
  /// The trial log first.
  void keep(const std::vector<FinishedPoint>& points, const study::StudyFolder& folder,
            const study::Done& done, Progress& progress);
  /// From here on nothing is logged, and one line says why.
  void give_log_up(const Error& error, Progress& progress);
  void run_elsewhere(const study::StudyFolder& folder, const TasksByNumber& tasks,
                     std::span<const study::Batch> batches, const study::Done& done,
                     const study::Failed& failed, Progress& progress);
  [[nodiscard]] std::size_t threads() const;
  /// On so many threads of this process.
  void run_here(const study::StudyFolder& folder, const TasksByNumber& tasks,
                std::span<const study::Batch> batches, const study::Done& done,
                const study::Failed& failed, Progress& progress);
  using TakeBatches = std::function<std::vector<ReturnedBatch>()>;
  using CheckBatch = std::function<void(const study::Batch& batch, const PartResult& result)>;
  /// Checks and keeps the batches that `take` brings in the order in which they were handed out,
  /// for that is the order of the trial log.
  void keep_in_order(const study::StudyFolder& folder, const TakeBatches& take,
                     const CheckBatch& check, std::span<const study::Batch> batches,
                     const study::Done& done, const study::Failed& failed, Progress& progress);

  StudyRequest request_;
  DataSource source_;
  std::filesystem::path log_;
  std::optional<study::LoggedStudy> logged_;
  study::Unit unit_;
  stats::RowCache cache_;
  stats::Resampling resampling_;
  study::Window window_;
  Inputs inputs_;
  std::optional<study::OwnRows> own_;
  std::string own_sha256_;  // of all rows that any run of the study is on
  bool synthetic_ = false;
};

}  // namespace toxvol::jobs
