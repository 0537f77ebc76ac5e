#include "toxvol/jobs/explain.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/session.hpp"
#include "toxvol/explain/explanation.hpp"
#include "toxvol/explain/json.hpp"
#include "toxvol/explain/text.hpp"

namespace toxvol::app {

void add_explain(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "explain", "One decision or position of a run, step by step: why, and what came of it");
  auto request = std::make_shared<jobs::ExplainRequest>();
  verb->add_option("RUN", request->run, "Run folder")->required();
  auto* at = verb->add_option("--at", request->at, "The decision at or before this time (UTC)");
  verb->add_option("--position", request->position, "The position of this number: 3 is P-3")
      ->excludes(at);
  auto* catalog = verb->add_option("--catalog", request->catalog,
                                   "Where the run's data are, if not where they were");
  verb->add_option("--raw", request->raw, "Binance's files themselves, for a run of them")
      ->excludes(catalog);
  verb->callback([&session, request] {
    const explain::Explanation explanation = jobs::run_explain(*request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print("{}\n", explain::json_of(explanation));
    } else {
      for (const std::string& line : explain::text_of(explanation)) fmt::print("{}\n", line);
    }
  });
}

}  // namespace toxvol::app
