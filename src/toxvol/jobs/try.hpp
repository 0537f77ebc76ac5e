#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/try_plan.hpp"

namespace toxvol::jobs {

/// Told as the work goes on; any may be empty.
struct TrySteps {
  std::function<void(const std::vector<std::string>&)> command;  // before each
  std::function<void(const catalog::IngestReport&)> ingested;
  std::function<void(const BacktestRequest&, const BacktestResult&)> finished;
};

struct TryResult {
  BacktestResult backtest;
  std::filesystem::path report;
};

/// Ingest, backtest and report as planned. Throws `Error` and `Interrupted`.
[[nodiscard]] TryResult run_try(const TryPlan& plan, const TrySteps& steps, Progress& progress);

}  // namespace toxvol::jobs
