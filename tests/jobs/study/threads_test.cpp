// A study of a small synthetic market on several threads leaves the bytes that one thread leaves.

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/ingest.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/jobs/study/sweep.hpp"
#include "toxvol/jobs/synth.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDesign = R"(
base = "short"
design = "grid"
[[axis]]
key = "alpha_a.compression"
values = [0.5, 0.7]
[[axis]]
key = "toxicity.tau"
values = [0.6, 0.8]
[[axis]]
key = "exit.max_hold"
values = ["2m", "5m"]
)";

class StudyThreads : public test::TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    SynthRequest market;
    market.out = (folder / "raw").string();
    market.from = "2024-01-16";
    market.params.days = 1;
    market.params.klines_only_days = 2;
    market.params.intensity = 0.002;
    static_cast<void>(run_synth(market, silent_));
    IngestRequest ingest;
    ingest.raw = {market.out};
    ingest.catalog = catalog();
    static_cast<void>(run_ingest(ingest, silent_));
  }

  [[nodiscard]] std::string catalog() const { return (folder / "catalog").string(); }

  /// Every file of the study but the trials, which count those of the study before.
  std::map<std::string, std::string> files_of_sweep(int jobs) {
    StudyRequest request;
    request.verb = "sweep";
    request.market.catalog = catalog();
    request.market.from = "2024-01-16T06:00:00Z";
    request.market.to = "2024-01-16T12:00:00Z";
    request.design = "design.toml";
    request.design_text = kDesign;
    request.out = folder / ("jobs" + std::to_string(jobs));
    request.resamples = 99;
    request.jobs = jobs;
    request.config.sets = {"run.warmup=1d"};
    const StudyResult result = run_sweep(request, silent_);
    EXPECT_EQ(result.ok, 8);
    EXPECT_EQ(result.failed, 0);
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator{request.out}) {
      const fs::path& path = entry.path();
      if (!entry.is_regular_file() || path.filename() == "trials.json") continue;
      files[fs::relative(path, request.out).string()] = get(path);
    }
    return files;
  }

 private:
  Progress silent_;
};

TEST_F(StudyThreads, LeaveTheBytesOfOne) {
  const auto one = files_of_sweep(1);
  EXPECT_TRUE(one.contains("sweep.parquet"));
  EXPECT_EQ(files_of_sweep(3), one);
}

}  // namespace
}  // namespace toxvol::jobs
