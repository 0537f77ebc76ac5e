#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"

namespace toxvol::jobs {

/// What a run's forecasts, signals and orders were worth. Fields are the long options as typed.
struct EvaluateRequest {
  std::string run;
  std::string out;      // empty: beside the run, RUN-evaluate
  bool force = false;   // replaces what an earlier evaluate left there
  std::string catalog;  // in place of the one that the run was made from, or
  std::vector<std::string> raw;
  std::uint64_t seed = 1;  // of resampling and placebos
  int resamples = 1999;
};

struct EvaluateResult {
  std::filesystem::path folder;
  std::vector<std::string> lines;  // what the terminal shows
  std::string json;                // study.json
};

/// Reads the run's tables and the market of its window, measures and writes a folder that appears
/// whole. No trial is counted: no profit is judged. Throws `Error`, `UsageError`, `Interrupted`.
[[nodiscard]] EvaluateResult run_evaluate(const EvaluateRequest& request, Progress& progress);

}  // namespace toxvol::jobs
