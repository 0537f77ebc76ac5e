#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/backtest_advice.hpp"
#include "toxvol/app/backtest_job.hpp"
#include "toxvol/app/jobs.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/app/try_job.hpp"
#include "toxvol/app/try_plan.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::app {

namespace {

void print_command(const std::vector<std::string>& words) {
  fmt::print("\n$ {}\n", shell_command(words));
  std::fflush(stdout);
}

nlohmann::ordered_json json_of(const TryPlan& plan, const TryResult& result) {
  nlohmann::ordered_json json{{"symbol", plan.symbol},
                              {"data", plan.data},
                              {"from", to_string(plan.window.first)},
                              {"to", to_string(day_of(plan.window.to()))},
                              {"preset", plan.preset},
                              {"catalog", plan.catalog.string()},
                              {"run", result.backtest.run.folder.string()},
                              {"report", result.report.string()},
                              {"commands", nlohmann::ordered_json::array()},
                              {"next", nlohmann::ordered_json::array()}};
  for (const auto* words : {&plan.ingest, &plan.backtest, &plan.report}) {
    if (!words->empty()) json["commands"].push_back(shell_command(*words));
  }
  for (const auto& words : plan.next) json["next"].push_back(shell_command(words));
  return json;
}

}  // namespace

TryResult run_try(const TryPlan& plan, const TrySteps& steps, Progress& progress) {
  if (!plan.ingest.empty()) {
    if (steps.command) steps.command(plan.ingest);
    // Asked as it is printed: [raw], catalog, symbol, days.
    IngestRequest request{.raw = {plan.ingest.at(2)},
                          .catalog = plan.catalog.string(),
                          .symbols = {plan.symbol},
                          .from = {},
                          .to = {}};
    if (plan.is_cut) {
      request.from = to_string(plan.window.first);
      request.to = to_string(day_of(plan.window.to()));
    }
    const catalog::IngestReport report = run_ingest(request, progress);
    if (steps.ingested) steps.ingested(report);
  }
  if (steps.command) steps.command(plan.backtest);
  ConfigOptions options;
  options.preset = plan.preset;
  options.symbol = plan.symbol;
  const BacktestRequest request{.market = {.catalog = plan.catalog.string(),
                                           .raw = {},
                                           .from = to_string(plan.window.first),
                                           .to = to_string(day_of(plan.window.to()))},
                                .config = resolve(options),
                                .out = plan.out,
                                .force = plan.force,
                                .orders = {},
                                .argv = plan.backtest};
  TryResult result{.backtest = run_backtest(request, progress), .report = {}};
  if (steps.finished) steps.finished(request, result.backtest);
  if (steps.command) steps.command(plan.report);
  result.report = run_report(result.backtest.run.folder, "");
  return result;
}

void add_try(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "try",
      "Any folder of Binance's files to a first run and its report, with every command told");
  auto flags = std::make_shared<TryRequest>();
  verb->add_option("folder", flags->folder, "Raw files in any tree, or a catalog")->required();
  verb->add_option("--symbol", flags->symbol, "This contract (default: the one with most data)");
  verb->add_option("--catalog", flags->catalog,
                   "Where the catalog goes (default: FOLDER-catalog beside it)");
  verb->add_option("--out", flags->out, "Where the run goes (default: in FOLDER-runs beside it)");
  verb->callback([&session, flags] {
    const TryPlan plan = plan_try(*flags);
    const bool tells = !session.quiet && !session.json;
    TrySteps steps;
    steps.ingested = [&](const catalog::IngestReport& report) {
      session.progress->begin("", 0);
      for (const std::string& line : report.skipped) fmt::print(stderr, "toxvol: {}\n", line);
      if (!tells) return;
      fmt::print("{} files, {} of them new; {} findings: toxvol check {}\n", report.files,
                 report.ingested, report.findings.size(), shell_word(plan.catalog.string()));
    };
    if (tells) {
      for (const std::string& line : plan.there) fmt::print("{}\n", line);
      for (const std::string& line : plan.choice) fmt::print("{}\n", line);
      steps.command = print_command;
      steps.finished = [&](const BacktestRequest& request, const BacktestResult& result) {
        session.progress->begin("", 0);
        for (const std::string& line : result_lines(request, result)) fmt::print("{}\n", line);
        if (const auto line = why_no_position(request, result)) fmt::print("{}\n", *line);
      };
    }
    const TryResult result = run_try(plan, steps, *session.progress);
    if (session.json) {
      fmt::print("{}\n", json_of(plan, result).dump(1));
    } else if (tells) {
      fmt::print("{}\n\nOpen {} in a browser. What to try next:\n", result.report.string(),
                 result.report.filename().string());
      for (const auto& words : plan.next) fmt::print("  {}\n", shell_command(words));
    }
  });
}

}  // namespace toxvol::app
