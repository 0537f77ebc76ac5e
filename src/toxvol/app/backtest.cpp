#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/arguments.hpp"
#include "toxvol/app/backtest_advice.hpp"
#include "toxvol/app/backtest_job.hpp"
#include "toxvol/app/config_options.hpp"
#include "toxvol/app/data_folder.hpp"
#include "toxvol/app/jobs.hpp"
#include "toxvol/app/market_source.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::app {

namespace {

struct BacktestFlags {
  MarketOptions market;
  ConfigOptions config;
  std::string orders;
  std::string out;
  bool force = false;
};

std::string read_file(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

/// On stderr, beside the results.
void tell(const std::string& line) {
  std::fflush(stdout);
  fmt::print(stderr, "toxvol: {}\n", line);
}

}  // namespace

std::string default_run_folder(const MarketOptions& market, const ConfigOptions& config,
                               const std::string& orders, const std::string& symbol, bool force) {
  std::string name = config.preset.empty() ? "run" : config.preset;
  if (!orders.empty()) name = "orders";
  std::string out = fmt::format("runs/{}-{}", symbol, name);
  for (const auto& [bound, option] : {std::pair{&market.from, "--from"}, {&market.to, "--to"}}) {
    if (!bound->empty()) out += "-" + to_string(day_of(parse_time(*bound, option)));
  }
  std::string free = out;
  for (int i = 2; !force && std::filesystem::exists(free); ++i) free = fmt::format("{}-{}", out, i);
  return free;
}

void add_backtest(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("backtest", "Run the strategy, or an order script");
  auto flags = std::make_shared<BacktestFlags>();
  add_market_options(*verb, flags->market);
  add_config_options(*verb, flags->config);
  verb->add_option("--orders", flags->orders, "An order script (CSV) in place of the strategy");
  verb->add_option("--out", flags->out,
                   "Run folder; default the next free one of runs/SYMBOL-PRESET-…");
  verb->add_flag("--force", flags->force, "Replace an existing run folder");
  verb->callback([&session, flags] {
    BacktestRequest request{.market = flags->market,
                            .config = resolve(flags->config),
                            .out = flags->out,
                            .force = flags->force,
                            .orders = flags->orders,
                            .argv = session.argv};
    if (flags->out.empty()) {
      request.out = default_run_folder(flags->market, flags->config, flags->orders,
                                       request.config.symbol, flags->force);
    }
    check_market_folders(request.market);
    if (const auto line = too_short(request)) session.progress->tell(*line);
    const BacktestResult result = run_backtest(request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      nlohmann::ordered_json json{{"run", result.run.folder.string()}};
      json.update(
          nlohmann::ordered_json::parse(read_file((result.run.folder / "summary.json").string())));
      fmt::print("{}\n", json.dump(2));
    } else if (!session.quiet) {
      for (const std::string& line : result_lines(request, result)) fmt::print("{}\n", line);
      fmt::print("{}  (toxvol report {})\n", result.run.folder.string(),
                 result.run.folder.string());
    }
    if (const auto line = why_no_position(request, result); line && !session.quiet) tell(*line);
  });
}

}  // namespace toxvol::app
