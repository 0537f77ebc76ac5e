#pragma once

#include <filesystem>

#include "tests/run/sample_run.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/run_recorder.hpp"

namespace toxvol::study::test {

/// The records of `run` through a RunRecorder into `folder`.
inline RecordedRun record(const run::test::SampleRun& run, const std::filesystem::path& folder,
                          const std::filesystem::path& log = {},
                          stats::IntervalMethod method = stats::IntervalMethod::Percentile) {
  RunRecorder recorder{folder, true, method};
  for (const auto& row : run.decisions) recorder.record(row);
  for (const auto& row : run.commands) recorder.record(row);
  for (const auto& row : run.fills) recorder.record(row);
  for (const auto& row : run.equity) recorder.record(row);
  for (const auto& row : run.orders) recorder.record(row);
  for (const auto& row : run.positions) recorder.record(row);
  return recorder.commit(run.info, run.timing, {.at = run.timing.started, .log = log});
}

}  // namespace toxvol::study::test
