#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"

namespace toxvol::app {

/// What every verb shares: the global flags, the progress display and the exit code it leaves
/// (docs of the codes: README). A verb throws `Error` or `UsageError`; `main` prints the one line.
struct Session {
  bool quiet = false;
  bool json = false;
  int exit_code = 0;
  /// Set by a verb before its work: the same command goes on where an interrupted one stopped.
  bool goes_on = false;
  std::vector<std::string> argv;       // as typed, for timing.json
  std::unique_ptr<Progress> progress;  // never null while a verb runs
  /// Those of --ray ADDRESS; empty in a program that cannot reach any.
  std::function<std::shared_ptr<jobs::Elsewhere>(const std::string& address)> find_workers;
};

/// Each adds one verb to the command line; its callback does the work when it is chosen.
void add_try(CLI::App& root, Session& session);
void add_ingest(CLI::App& root, Session& session);
void add_check(CLI::App& root, Session& session);
void add_catalog(CLI::App& root, Session& session);
void add_factors(CLI::App& root, Session& session);
void add_backtest(CLI::App& root, Session& session);
void add_ablation(CLI::App& root, Session& session);
void add_sweep(CLI::App& root, Session& session);
void add_walkforward(CLI::App& root, Session& session);
void add_band(CLI::App& root, Session& session);
void add_compare(CLI::App& root, Session& session);
void add_explain(CLI::App& root, Session& session);
void add_evaluate(CLI::App& root, Session& session);
void add_poison(CLI::App& root, Session& session);
void add_report(CLI::App& root, Session& session);
void add_trials(CLI::App& root, Session& session);
void add_verify(CLI::App& root, Session& session);
void add_diff(CLI::App& root, Session& session);
void add_config(CLI::App& root, Session& session);
void add_schemas(CLI::App& root, Session& session);
void add_synth(CLI::App& root, Session& session);
/// `completion` and `man`, written from the verbs above.
void add_pages(CLI::App& root);

}  // namespace toxvol::app
