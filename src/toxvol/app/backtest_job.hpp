#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/app/market_source.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/run/info.hpp"
#include "toxvol/run/run_writer.hpp"

namespace toxvol::app {

/// One backtest, as the command and the Python binding ask for it.
struct BacktestRequest {
  MarketOptions market;
  config::Config config;
  std::filesystem::path out;
  bool force = false;
  std::string orders;             // an order script in place of the strategy; empty: the strategy
  std::vector<std::string> argv;  // for timing.json
};

struct BacktestResult {
  run::RunInfo info;
  run::RunResult run;
};

/// Runs it on the native engine and leaves the run folder. Throws `Error` and `Interrupted`; then
/// nothing is left behind and an earlier result is untouched.
[[nodiscard]] BacktestResult run_backtest(const BacktestRequest& request, Progress& progress);

}  // namespace toxvol::app
