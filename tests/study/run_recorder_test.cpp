#include "toxvol/study/run_recorder.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "tests/study/recorded_run.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/study/trial_log.hpp"

namespace toxvol::study {
namespace {

namespace fs = std::filesystem;
using run::test::read_text;
using run::test::sample_run;
using run::test::TemporaryFolder;

TEST(RunRecorder, AddsItsDocumentsAndChangesNoOther) {
  const TemporaryFolder temporary;
  const auto plain = run::test::write(sample_run(), temporary.path() / "plain");
  const RecordedRun made = test::record(sample_run(), temporary.path() / "x");
  EXPECT_EQ(made.run.fingerprint, plain.fingerprint);
  EXPECT_EQ(made.run.config_sha256.size(), 64U);
  int compared = 0;
  for (const auto& entry : fs::directory_iterator{made.run.folder}) {
    const std::string name = entry.path().filename().string();
    if (name == "inference.json") {
      EXPECT_EQ(read_text(entry.path()), inference_json(made.inference));
    } else if (name == "trials.json") {
      EXPECT_EQ(read_text(entry.path()), trials_json(made.trials));
    } else {
      EXPECT_EQ(read_text(entry.path()), read_text(plain.folder / name)) << name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 9);
}

TEST(RunRecorder, JudgesWhatItRecords) {
  const TemporaryFolder temporary;
  auto long_run = sample_run();
  long_run.equity.back().ts += std::chrono::hours{2};  // 00:00, 01:00, 02:00
  const Inference inference = test::record(long_run, temporary.path() / "x").inference;
  EXPECT_EQ(inference.net.n, 2);
  EXPECT_EQ(inference.from, run::test::kStart);
  // 99.9 − 60.05005 − 6 of 100,000 in the first hour, nothing in the second.
  EXPECT_NEAR(*inference.net.mean_bp_day, 33.84995 / 2 / 100'000 * 24e4, 1e-9);
  EXPECT_NEAR(*inference.px.mean_bp_day, 99.9 / 2 / 100'000 * 24e4, 1e-9);
  EXPECT_EQ(inference.positions.n, 1);
  EXPECT_NEAR(*inference.positions.bp, 1e4 * 33.84995 / 60'000.1, 1e-9);
  EXPECT_NEAR(*inference.break_even.fee_bp, 1e4 * 93.9 / 120'100.1, 1e-9);
}

TEST(RunRecorder, LogsItsTrialBeforeTheFolderAppears) {
  const TemporaryFolder temporary;
  const fs::path log = temporary.path() / "trials.jsonl";
  auto long_run = sample_run();
  long_run.equity.back().ts += std::chrono::hours{2};
  const RecordedRun made = test::record(long_run, temporary.path() / "x", log);
  EXPECT_EQ(made.log_failure, "");
  EXPECT_EQ(made.trials.place, 1);
  const Trial trial = read_trial_log(log).trials.at(0);
  EXPECT_EQ(trial.id, made.trials.id);
  EXPECT_EQ(trial.config, made.run.config_sha256);
  EXPECT_EQ(trial.at, long_run.timing.started);
  EXPECT_EQ(trial.net, "33.84995");
  EXPECT_EQ(trial.n, 2);
  EXPECT_EQ(trial.sharpe, made.inference.net.ratio.sharpe);

  // What is refused before it runs is no trial.
  fs::create_directories(temporary.path() / "y");
  std::ofstream{temporary.path() / "y" / "mine"} << "not a run";
  EXPECT_THROW(test::record(long_run, temporary.path() / "y", log), Error);
  EXPECT_EQ(read_trial_log(log).lines, 1);
}

TEST(RunRecorder, GoesOnWithoutALogThatCannotBeWritten) {
  const TemporaryFolder temporary;
  const RecordedRun made = test::record(sample_run(), temporary.path() / "x", "/proc/trials.jsonl");
  EXPECT_NE(made.log_failure.find("/proc/trials.jsonl"), std::string::npos) << made.log_failure;
  EXPECT_EQ(made.trials.log, "none");
  EXPECT_TRUE(fs::exists(made.run.folder / "run.json"));
}

}  // namespace
}  // namespace toxvol::study
