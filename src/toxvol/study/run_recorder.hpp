#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "toxvol/core/time.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

/// How a run enters the trial log.
struct TrialEntry {
  TrialKind kind = TrialKind::Run;
  Timestamp at{};
  std::filesystem::path log{};         // empty: nowhere
  std::optional<std::string> study{};  // that the run belongs to
  const LoggedStudy* logged{};         // what the log has of it: it is not logged twice
};

struct RecordedRun {
  run::RunResult run;
  Inference inference;
  TrialFigures trials;
  std::string log_failure;  // why the trial could not be logged; empty: it was, or was not to be
};

/// A run folder in the making that also says how far its result can be trusted: run::RunWriter,
/// inference.json and trials.json.
class RunRecorder : public trading::Recorder {
 public:
  /// As of run::RunWriter; `method` is of the intervals in inference.json.
  RunRecorder(const std::filesystem::path& folder, bool force,
              stats::IntervalMethod method = stats::IntervalMethod::Percentile)
      : writer_{folder, force}, method_{method} {}

  void record(const strategy::DecisionRow& row) { writer_.record(row); }
  void record(const trading::OrderRecord& order) override { writer_.record(order); }
  void record(const trading::CommandRecord& command) override { writer_.record(command); }
  void record(const trading::FillRecord& fill) override { put(fill); }
  void record(const trading::PositionRecord& position) override { put(position); }
  void record(const trading::EquityRecord& sample) override { put(sample); }

  /// Once, after the last record. The trial is in its log before the folder appears.
  RecordedRun commit(const run::RunInfo& info, const run::Timing& timing, const TrialEntry& entry);

 private:
  template <class Record>
  void put(const Record& record) {
    writer_.record(record);
    returns_.add(record);
  }

  run::RunWriter writer_;
  stats::IntervalMethod method_;
  ReturnsBuilder returns_{Unit::Hour};
};

}  // namespace toxvol::study
