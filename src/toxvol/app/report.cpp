#include "toxvol/report/report.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/jobs.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"

namespace toxvol::app {

namespace {

struct ReportOptions {
  std::string run;
  std::string out;
};

}  // namespace

std::filesystem::path run_report(const std::filesystem::path& run, const std::string& out) {
  const std::filesystem::path page = out.empty() ? run / "report.html" : std::filesystem::path{out};
  report::Options options{.baseline_config = config::to_json(config::preset("A")), .presets = {}};
  for (const std::string& name : config::preset_names()) {
    options.presets.push_back({.name = name,
                               .text = config::preset_line(name),
                               .exercise = config::is_exercise(config::preset(name))});
  }
  report::write_report(run, page, options);
  return page;
}

void add_report(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("report", "One HTML page of a run: what happened, and why");
  auto options = std::make_shared<ReportOptions>();
  verb->add_option("RUN", options->run, "Run folder")->required();
  verb->add_option("--out", options->out, "The page; default RUN/report.html");
  verb->callback([&session, options] {
    const std::filesystem::path out = run_report(options->run, options->out);
    if (session.json) {
      fmt::print("{}\n", nlohmann::ordered_json{{"report", out.string()}}.dump());
    } else if (!session.quiet) {
      fmt::print("{}\n", out.string());
    }
  });
}

}  // namespace toxvol::app
