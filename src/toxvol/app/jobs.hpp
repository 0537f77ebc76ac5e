#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/app/config_options.hpp"
#include "toxvol/app/market_source.hpp"
#include "toxvol/catalog/check.hpp"
#include "toxvol/catalog/ingest.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

/// What the verbs do, apart from the terminal: the command and the Python binding call these
/// (backtest: backtest_job.hpp). Fields are the long options as typed. All throw `Error`,
/// `UsageError` for a wrong option, and `Interrupted`.
namespace toxvol::app {

struct IngestRequest {
  std::vector<std::string> raw;
  std::string catalog;
  std::vector<std::string> symbols;
  std::string from;
  std::string to;
  int jobs = 0;  // 0: as many as processors
  bool strict = false;
};
[[nodiscard]] catalog::IngestReport run_ingest(const IngestRequest& request, Progress& progress);
/// What `--json` prints; so for the others.
[[nodiscard]] std::string to_json(const catalog::IngestReport& report);

struct CheckRequest {
  std::string path;
  bool deep = false;
  int jobs = 0;
};
[[nodiscard]] catalog::CheckReport run_check(const CheckRequest& request, Progress& progress);
[[nodiscard]] std::string to_json(const catalog::CheckReport& report);

struct FactorsRequest {
  MarketOptions market;
  config::Config config;
  std::filesystem::path out;
  bool force = false;
};
/// How many rows it wrote.
std::int64_t run_factors(const FactorsRequest& request, Progress& progress);

struct SynthRequest {
  synth::Params params;  // less what stands below
  std::string out;
  std::string from;
  std::string plant = "none";
  std::vector<std::string> faults;
  bool has_edge = false;  // --edge-bp was given
};
/// Completes `request.params`.
[[nodiscard]] synth::Summary run_synth(SynthRequest& request, Progress& progress);
[[nodiscard]] std::string to_json(const synth::Params& params, const synth::Summary& summary);

/// Writes the page of a run folder, without `out` as report.html in it; where it is.
std::filesystem::path run_report(const std::filesystem::path& run, const std::string& out);

/// Where a backtest goes that was given no --out: `runs/SYMBOL-PRESET-FROM-TO`, or without `force`,
/// where that is taken, the same with -2, -3 …
[[nodiscard]] std::string default_run_folder(const MarketOptions& market,
                                             const ConfigOptions& config, const std::string& orders,
                                             const std::string& symbol, bool force);

}  // namespace toxvol::app
