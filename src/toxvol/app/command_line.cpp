#include "toxvol/app/command_line.hpp"

#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/session.hpp"
#include "toxvol/app/terminal_progress.hpp"
#include "toxvol/app/usage.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/version.hpp"

namespace toxvol::app {

namespace {

constexpr int kFailed = 1;
constexpr int kWrongFlags = 2;
constexpr int kInterrupted = 130;

int complain(const std::string& text, int exit_code) {
  fmt::print(stderr, "toxvol: {}\n", text);
  return exit_code;
}

}  // namespace

int run_command(
    int argc, char** argv,
    std::function<std::shared_ptr<jobs::Elsewhere>(const std::string& address)> find_workers) {
  CLI::App root{"toxvol: from raw Binance USD-M futures files to an honest backtest", "toxvol"};
  root.set_version_flag("--version", fmt::format("toxvol {} ({})", kVersion, jobs::kCommit));
  root.require_subcommand(1);
  root.fallthrough();
  root.set_help_all_flag("--help-all", "Help of every command");
  Session session;
  session.argv.assign(argv, argv + argc);
  session.find_workers = std::move(find_workers);
  root.add_flag("--quiet", session.quiet, "No progress, no summary");
  root.add_flag("--json", session.json, "Machine-readable output on stdout");
  root.parse_complete_callback(
      [&] { session.progress = std::make_unique<TerminalProgress>(session.quiet); });

  add_try(root, session);
  add_ingest(root, session);
  add_check(root, session);
  add_catalog(root, session);
  add_factors(root, session);
  add_backtest(root, session);
  add_ablation(root, session);
  add_sweep(root, session);
  add_walkforward(root, session);
  add_band(root, session);
  add_compare(root, session);
  add_explain(root, session);
  add_evaluate(root, session);
  add_poison(root, session);
  add_report(root, session);
  add_trials(root, session);
  add_verify(root, session);
  add_diff(root, session);
  add_config(root, session);
  add_schemas(root, session);
  add_synth(root, session);
  add_pages(root);

  watch_for_interrupt();
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    return root.exit(done);
  } catch (const CLI::ParseError& error) {
    return complain(usage_error(root, error), kWrongFlags);
  } catch (const UsageError& error) {
    session.progress.reset();
    return complain(error.what(), kWrongFlags);
  } catch (const Error& error) {
    session.progress.reset();
    return complain(error.what(), kFailed);
  } catch (const Interrupted&) {
    session.progress.reset();
    return complain(session.goes_on
                        ? "interrupted; what was finished is kept, run the same command to go on"
                        : "interrupted",
                    kInterrupted);
  } catch (const std::bad_alloc&) {
    session.progress.reset();
    return complain("out of memory; close other programs or choose a shorter window", kFailed);
  } catch (const std::exception& error) {
    session.progress.reset();
    return complain(fmt::format("unexpected: {}; please report this", error.what()), kFailed);
  }
  return session.exit_code;
}

}  // namespace toxvol::app
