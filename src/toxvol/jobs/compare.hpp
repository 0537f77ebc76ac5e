#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/study/compare.hpp"

namespace toxvol::jobs {

/// Run folders to put side by side; the first is what the others are compared with.
struct CompareRequest {
  std::vector<std::string> runs;
  std::uint64_t seed = 1;  // of resampling
  int resamples = 1999;
  std::string unit = "1h";
  std::string interval = "percentile";  // of each run's net and px
  std::string out;                      // folder that a report can be made of; empty: none is left
  bool force = false;                   // replace what an earlier compare left there
};

/// Leaves study.json and compare_equity.parquet in `out`. Throws `Error`, and `UsageError` for
/// fewer than two runs.
[[nodiscard]] study::Comparison run_compare(const CompareRequest& request, Progress& progress);

/// For the terminal, a line each.
[[nodiscard]] std::vector<std::string> compare_lines(const study::Comparison& comparison);

}  // namespace toxvol::jobs
