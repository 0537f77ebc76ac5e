#include "toxvol/jobs/backtest.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/options.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/jobs/backtest_advice.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/market_minutes.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"

namespace toxvol::app {

namespace {

struct BacktestFlags {
  jobs::MarketOptions market;
  jobs::ConfigOptions config;
  std::string orders;
  std::optional<jobs::SignalInput> signal;
  std::string trials;
  std::string out;
  bool force = false;
  std::string minutes = "auto";
  std::string interval = "percentile";
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

void add_backtest(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("backtest", "Run the strategy, or an order script");
  auto flags = std::make_shared<BacktestFlags>();
  add_market_options(*verb, flags->market);
  add_config_options(*verb, flags->config);
  verb->add_option("--orders", flags->orders, "An order script (CSV) in place of the strategy");
  add_signal_option(*verb, flags->signal);
  verb->add_option("--trials", flags->trials,
                   "Trial log that counts this run; default CATALOG/toxvol/trials.jsonl");
  verb->add_option("--out", flags->out,
                   "Run folder; default the next free one of runs/SYMBOL-PRESET-…");
  verb->add_flag("--force", flags->force, "Replace an existing run folder");
  verb->add_option("--minutes", flags->minutes,
                   "Minute rows in the catalog, from which a later run goes on: auto (where ticks "
                   "are dense), keep (wherever they can be), none (go through every tick); the "
                   "result is the same");
  verb->add_option("--interval", flags->interval,
                   "How inference.json makes the intervals of net and px: percentile, or fixed_b, "
                   "which is longer where costs last for days (docs/truth.md)")
      ->capture_default_str();
  verb->callback([&session, flags] {
    jobs::BacktestRequest request{.market = flags->market,
                                  .config = jobs::resolve(flags->config),
                                  .out = flags->out,
                                  .force = flags->force,
                                  .minutes = jobs::minutes_use(flags->minutes, "--minutes"),
                                  .interval = flags->interval,
                                  .trials = flags->trials,
                                  .orders = flags->orders,
                                  .signal = flags->signal,
                                  .argv = session.argv};
    if (flags->out.empty()) {
      const std::string word = request.signal ? "signal" : !flags->orders.empty() ? "orders" : "";
      request.out = jobs::default_run_folder(flags->market, flags->config, word,
                                             request.config.symbol, flags->force);
    }
    jobs::check_market_folders(request.market);
    if (const auto line = jobs::too_short(request)) session.progress->tell(*line);
    const jobs::BacktestResult result = jobs::run_backtest(request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      nlohmann::ordered_json json{{"run", result.run.folder.string()}};
      json.update(
          nlohmann::ordered_json::parse(read_file((result.run.folder / "summary.json").string())));
      fmt::print("{}\n", json.dump(2));
    } else if (!session.quiet) {
      for (const std::string& line : jobs::result_lines(request, result)) fmt::print("{}\n", line);
      fmt::print("{}  (toxvol report {})\n", result.run.folder.string(),
                 shell_word(result.run.folder.string()));
    }
    if (const auto line = jobs::why_no_position(request, result); line && !session.quiet)
      tell(*line);
  });
}

}  // namespace toxvol::app
