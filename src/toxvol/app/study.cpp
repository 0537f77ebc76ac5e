#include "toxvol/jobs/study/study.hpp"

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/options.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/shell.hpp"
#include "toxvol/jobs/study/ablation.hpp"
#include "toxvol/jobs/study/band.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/sweep.hpp"
#include "toxvol/jobs/study/walkforward.hpp"

namespace toxvol::app {

namespace {

using Study = std::function<jobs::StudyResult(const jobs::StudyRequest&, Progress&)>;

/// What all studies ask for, and how they end.
void add_study(CLI::App& verb, Session& session, const std::shared_ptr<jobs::StudyRequest>& request,
               const Study& run) {
  add_market_options(verb, request->market);
  add_config_options(verb, request->config);
  verb.add_option("--out", request->out, "Folder of the study; the same command goes on in it")
      ->required();
  verb.add_flag("--force", request->force, "Replace another study in --out");
  verb.add_option("--seed", request->seed, "Of designs and resampling: same seed, same bytes")
      ->capture_default_str();
  verb.add_option("--resamples", request->resamples, "Of every interval and test")
      ->capture_default_str();
  verb.add_option("--unit", request->unit, "Of returns: 1m, 15m, 1h, 4h or 1d")
      ->capture_default_str();
  verb.add_option("--trials", request->trials, "A trial log instead of the catalog's");
  verb.add_option("--jobs", request->jobs, "Threads for the points (default: processors)")
      ->check(CLI::PositiveNumber);
  request->verb = verb.get_name();
  const auto address = std::make_shared<std::string>();
  verb.add_option(
          "--ray", *address,
          "Run the points on a Ray cluster: local, auto, HOST:PORT or ray://… (docs/scale.md)")
      ->type_name("ADDRESS");
  verb.callback([&session, request, run, address] {
    session.goes_on = true;
    if (!address->empty()) {
      if (!session.find_workers) {
        throw UsageError{fmt::format(
            "--ray {}: this program cannot reach Ray; pip install 'toxvol[ray]' and use the toxvol "
            "command that it brings",
            *address)};
      }
      request->elsewhere = session.find_workers(*address);
    }
    const jobs::StudyResult result = run(*request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print("{}\n", jobs::to_json(result));
    } else if (!session.quiet) {
      for (const std::string& line : result.lines) fmt::print("{}\n", line);
      fmt::print("{}\n{}  (toxvol report {})\n", result.verdict, result.folder.string(),
                 shell_word(result.folder.string()));
    }
    if (result.failed > 0) session.exit_code = 1;
  });
}

}  // namespace

void add_ablation(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "ablation", "One switch after the other against the base: does any of them matter?");
  auto request = std::make_shared<jobs::StudyRequest>();
  verb->add_option("--design", request->design, "A list of variants (default: the shipped one)");
  verb->add_option("--groups", request->groups, "Only variants of these groups")->delimiter(',');
  verb->add_option("--presets", request->presets,
                   "Bases instead of --preset, such as A,B,C: the list is run on each of them")
      ->delimiter(',');
  add_study(*verb, session, request, jobs::run_ablation);
  add_signal_option(*verb, request->signal);
}

void add_sweep(CLI::App& root, Session& session) {
  auto* verb =
      root.add_subcommand("sweep", "All points of a design, and how much of the best one is luck");
  auto request = std::make_shared<jobs::StudyRequest>();
  verb->add_option("design", request->design, "A TOML file (docs/designs.md)")->required();
  add_study(*verb, session, request, jobs::run_sweep);
  add_signal_option(*verb, request->signal);
}

void add_walkforward(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "walkforward", "Choose on one stretch of time, judge on the next, again and again");
  auto request = std::make_shared<jobs::StudyRequest>();
  verb->add_option("design", request->design,
                   "A TOML file with candidates and [walkforward] (docs/walkforward.md); without "
                   "it the base alone, its thresholds fitted");
  add_study(*verb, session, request, jobs::run_walkforward);
}

void add_band(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "band", "The same strategy under other queues, latencies and fees: does the sign hold?");
  auto request = std::make_shared<jobs::StudyRequest>();
  verb->add_option("--queues", request->lists.queues,
                   "Queue models (default: risk_averse,proportional,optimistic)")
      ->delimiter(',');
  verb->add_option("--latencies", request->lists.latencies,
                   "Order latencies (default: 5ms,20ms,100ms)")
      ->delimiter(',');
  verb->add_option("--tiers", request->lists.tiers, "Fee tiers (default: VIP0,VIP3,VIP6)")
      ->delimiter(',');
  add_study(*verb, session, request, jobs::run_band);
  add_signal_option(*verb, request->signal);
}

}  // namespace toxvol::app
