#include "toxvol/study/run_recorder.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"

namespace toxvol::study {

namespace {

Trial trial_of_run(const run::RunInfo& info, const run::RunResult& result,
                   const Inference& inference, const TrialEntry& entry) {
  TrialIdentity identity{
      .config_sha256 = result.config_sha256,
      .symbol = info.symbol,
      .from = info.from,
      .to = info.to,
      .input_lines = run::input_lines(info.inputs),
  };
  if (info.signal) identity.signal_sha256 = info.signal->sha256;
  Trial trial = trial_of(identity, result.summary, inference);
  trial.kind = entry.kind;
  trial.study = entry.study;
  trial.at = entry.at;
  trial.synthetic = info.synthetic;
  trial.version = info.version;
  return trial;
}

/// Logs the trial and counts it. A log that cannot be written or read ends no run.
TrialFigures count(const Trial& trial, const TrialEntry& entry, std::string& failure) {
  TrialFigures uncounted;
  uncounted.id = trial.id;
  const std::filesystem::path& path = entry.log;
  if (path.empty()) return uncounted;
  try {
    const bool is_logged = entry.logged != nullptr && entry.logged->has(trial.kind, trial.id);
    if (!is_logged) append_to_trial_log(path, line_of(trial));
    const TrialLog log = read_trial_log(path);
    return figures_of(log, path.string(), family_of(log, trial), trial);
  } catch (const Error& error) {
    failure = error.what();
    return uncounted;
  }
}

}  // namespace

RecordedRun RunRecorder::commit(const run::RunInfo& info, const run::Timing& timing,
                                const TrialEntry& entry) {
  RecordedRun made;
  made.inference = infer(returns_.finish(), {.method = method_});
  made.run = writer_.commit(info, timing, [&](const run::RunResult& result) {
    const Trial trial = trial_of_run(info, result, made.inference, entry);
    made.trials = count(trial, entry, made.log_failure);
    return std::vector<run::Document>{
        {.name = "inference.json", .text = inference_json(made.inference)},
        {.name = "trials.json", .text = trials_json(made.trials)}};
  });
  return made;
}

}  // namespace toxvol::study
