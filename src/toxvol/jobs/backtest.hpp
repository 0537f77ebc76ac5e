#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/market_minutes.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/trial_family.hpp"

namespace toxvol::jobs {

/// One backtest, as the command and the Python binding ask for it.
struct BacktestRequest {
  MarketOptions market;
  config::Config config;
  std::filesystem::path out;
  bool force = false;
  MinutesUse minutes = MinutesUse::Auto;
  std::string interval = "percentile";  // --interval: of net and px in inference.json
  std::string trials{};                 // --trials: the trial log, in place of the catalog's
  std::string orders;  // an order script in place of the strategy; empty: the strategy
  std::optional<SignalInput> signal{};  // a user's own, in place of the strategy's
  std::vector<std::string> argv;        // for timing.json
};

struct BacktestResult {
  run::RunInfo info;
  run::RunResult run;
  study::Inference inference;
  study::TrialFigures trials;
};

/// Runs it on the native engine and leaves the run folder. Throws `Error` and `Interrupted`; then
/// nothing is left behind and an earlier result is untouched.
[[nodiscard]] BacktestResult run_backtest(const BacktestRequest& request, Progress& progress);

/// Where a backtest goes that was given no --out: `runs/SYMBOL-PRESET-FROM-TO` (of a file its name
/// in place of the preset; `word`, where there is one, as `orders` of an order script), or without
/// `force`, where that is taken, the same with -2, -3 …
[[nodiscard]] std::string default_run_folder(const MarketOptions& market,
                                             const ConfigOptions& config, const std::string& word,
                                             const std::string& symbol, bool force);

}  // namespace toxvol::jobs
