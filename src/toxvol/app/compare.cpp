#include "toxvol/jobs/compare.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/session.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/study/compare.hpp"

namespace toxvol::app {

void add_compare(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "compare", "Runs side by side, and whether they differ from the first by more than chance");
  auto request = std::make_shared<jobs::CompareRequest>();
  verb->add_option("RUN", request->runs, "Run folders; the first is compared with")->required();
  verb->add_option("--seed", request->seed, "Of resampling: same seed, same bytes")
      ->capture_default_str();
  verb->add_option("--resamples", request->resamples, "Of every interval and test")
      ->capture_default_str();
  verb->add_option("--unit", request->unit, "Of returns: 1m, 15m, 1h, 4h or 1d")
      ->capture_default_str();
  verb->add_option("--interval", request->interval,
                   "How the intervals of each run's net and px are made: percentile or fixed_b; "
                   "those of differences stay percentiles")
      ->capture_default_str();
  auto* out = verb->add_option("--out", request->out,
                               "Leave a folder that `toxvol report` makes a page of");
  verb->add_flag("--force", request->force, "Replace what an earlier compare left in --out")
      ->needs(out);
  verb->callback([&session, request] {
    const study::Comparison comparison = jobs::run_compare(*request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print("{}\n", study::compare_json(comparison));
    } else {
      for (const std::string& line : jobs::compare_lines(comparison)) fmt::print("{}\n", line);
      if (!request->out.empty()) {
        fmt::print("{}  (toxvol report {})\n", request->out, shell_word(request->out));
      }
    }
  });
}

}  // namespace toxvol::app
