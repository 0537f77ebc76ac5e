#include "toxvol/jobs/try.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/backtest_advice.hpp"
#include "toxvol/jobs/try_plan.hpp"

namespace toxvol::app {

namespace {

void print_words(const std::vector<std::string>& words) {
  fmt::print("\n$ {}\n", shell_command(words));
  std::fflush(stdout);
}

nlohmann::ordered_json json_of(const jobs::TryPlan& plan, const jobs::TryResult& result) {
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

void add_try(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "try",
      "Any folder of Binance's files to a first run and its report, with every command told");
  auto flags = std::make_shared<jobs::TryRequest>();
  verb->add_option("folder", flags->folder, "Raw files in any tree, or a catalog")->required();
  verb->add_option("--symbol", flags->symbol, "This contract (default: the one with most data)");
  verb->add_option("--catalog", flags->catalog,
                   "Where the catalog goes (default: FOLDER-catalog beside it)");
  verb->add_option("--out", flags->out, "Where the run goes (default: in FOLDER-runs beside it)");
  verb->callback([&session, flags] {
    session.goes_on = true;  // its ingest does
    const jobs::TryPlan plan = jobs::plan_try(*flags);
    const bool tells = !session.quiet && !session.json;
    jobs::TrySteps steps;
    steps.ingested = [&](const catalog::IngestReport& report) {
      session.progress->begin("", 0);
      for (const std::string& line : report.skipped) fmt::print(stderr, "toxvol: {}\n", line);
      if (!report.skipped.empty()) session.exit_code = 1;  // as of `ingest`
      if (!tells) return;
      fmt::print("{} files, {} of them new; {} findings: toxvol check {}\n", report.files,
                 report.ingested, report.findings.size(), shell_word(plan.catalog.string()));
    };
    if (tells) {
      for (const std::string& line : plan.there) fmt::print("{}\n", line);
      for (const std::string& line : plan.choice) fmt::print("{}\n", line);
      steps.command = print_words;
      steps.finished = [&](const jobs::BacktestRequest& request,
                           const jobs::BacktestResult& result) {
        session.progress->begin("", 0);
        for (const std::string& line : jobs::result_lines(request, result))
          fmt::print("{}\n", line);
        if (const auto line = jobs::why_no_position(request, result)) fmt::print("{}\n", *line);
      };
    }
    const jobs::TryResult result = jobs::run_try(plan, steps, *session.progress);
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
