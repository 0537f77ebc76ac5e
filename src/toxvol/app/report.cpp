#include "toxvol/report/report.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/jobs/report.hpp"

namespace toxvol::app {

namespace {

struct ReportOptions {
  std::string run;
  std::string out;
  std::string catalog;
  std::string index;
};

}  // namespace

void add_report(CLI::App& root, Session& session) {
  auto* verb =
      root.add_subcommand("report", "One HTML page of a run or a study: what happened, and why");
  auto options = std::make_shared<ReportOptions>();
  auto* folder = verb->add_option("RUN", options->run, "Run folder, or the folder of a study");
  verb->add_option("--index", options->index,
                   "List all runs and studies below this folder, in its index.html")
      ->excludes(folder);
  verb->add_option("--out", options->out, "The page; default RUN/report.html");
  verb->add_option(
      "--catalog", options->catalog,
      "Where the run's market is, for candles and close-ups; default: as in timing.json");
  verb->callback([&session, options] {
    if (options->run.empty() == options->index.empty()) {
      throw UsageError{"report: name a run or a study, or a folder of them with --index"};
    }
    const std::filesystem::path out =
        options->index.empty() ? jobs::run_report(options->run, options->out, options->catalog)
                               : jobs::run_index(options->index, options->out);
    if (session.json) {
      fmt::print("{}\n", nlohmann::ordered_json{{"report", out.string()}}.dump());
    } else if (!session.quiet) {
      fmt::print("{}\n", out.string());
    }
  });
}

}  // namespace toxvol::app
