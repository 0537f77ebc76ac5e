#include "toxvol/jobs/poison.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/options.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/poison/check.hpp"

namespace toxvol::app {

void add_poison(CLI::App& root, Session& session) {
  struct Flags {
    jobs::PoisonRequest request;
    jobs::ConfigOptions config;
  };
  auto* verb = root.add_subcommand(
      "poison",
      "Whether a backtest knows the future: other data from a moment on must not change "
      "what was before");
  auto flags = std::make_shared<Flags>();
  add_market_options(*verb, flags->request.market);
  add_config_options(*verb, flags->config);
  add_signal_option(*verb, flags->request.signal);
  verb->add_option("--trials", flags->request.trials, "Moments that are tried, one run each")
      ->capture_default_str();
  verb->add_option("--seed", flags->request.seed, "Of moments and values: same seed, same check")
      ->capture_default_str();
  verb->callback([&session, flags] {
    flags->request.config = jobs::resolve(flags->config);
    const jobs::PoisonResult result = jobs::run_poison(flags->request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print("{}", jobs::poison_json(result));
    } else {
      for (const std::string& line : jobs::poison_findings(result)) fmt::print("{}\n", line);
      if (!session.quiet || !result.has_compared()) {
        for (const std::string& line : jobs::poison_summary(result)) fmt::print("{}\n", line);
      }
    }
    if (!result.is_clean()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
