#include "toxvol/jobs/evaluate.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/session.hpp"
#include "toxvol/core/shell.hpp"

namespace toxvol::app {

void add_evaluate(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "evaluate",
      "What a run's forecasts, signals and resting orders were worth, and what it takes "
      "to pay the costs");
  auto request = std::make_shared<jobs::EvaluateRequest>();
  verb->add_option("RUN", request->run, "Run folder")->required();
  verb->add_option("--out", request->out, "Folder of the tables; default RUN-evaluate");
  verb->add_flag("--force", request->force, "Replace what an earlier evaluate left in --out");
  auto* catalog = verb->add_option("--catalog", request->catalog,
                                   "Where the run's data are, if not where they were");
  verb->add_option("--raw", request->raw, "Binance's files themselves, for a run of them")
      ->excludes(catalog);
  verb->add_option("--seed", request->seed, "Of resampling and placebos: same seed, same bytes")
      ->capture_default_str();
  verb->add_option("--resamples", request->resamples, "Of every interval and test")
      ->capture_default_str();
  verb->callback([&session, request] {
    const jobs::EvaluateResult result = jobs::run_evaluate(*request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print("{}", result.json);
    } else if (!session.quiet) {
      for (const std::string& line : result.lines) fmt::print("{}\n", line);
      fmt::print("{}  (toxvol report {})\n", result.folder.string(),
                 shell_word(result.folder.string()));
    }
  });
}

}  // namespace toxvol::app
