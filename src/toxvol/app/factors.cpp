#include "toxvol/jobs/factors.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/options.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/config_options.hpp"

namespace toxvol::app {

void add_factors(CLI::App& root, Session& session) {
  struct Flags {
    jobs::FactorsRequest request;
    jobs::ConfigOptions config;
  };
  auto* verb = root.add_subcommand("factors", "One row of factors for each closed minute");
  auto flags = std::make_shared<Flags>();
  add_market_options(*verb, flags->request.market);
  add_config_options(*verb, flags->config);
  verb->add_option("--out", flags->request.out, "Parquet file")->required();
  verb->add_flag("--force", flags->request.force, "Replace an existing file");
  verb->callback([&session, flags] {
    flags->request.config = jobs::resolve(flags->config);
    const std::int64_t rows = jobs::run_factors(flags->request, *session.progress);
    session.progress->begin("", 0);
    if (session.json) {
      fmt::print(
          "{}\n",
          nlohmann::ordered_json{{"out", flags->request.out.string()}, {"rows", rows}}.dump());
    } else if (!session.quiet) {
      fmt::print("{}: {} rows\n", flags->request.out.string(), rows);
    }
  });
}

}  // namespace toxvol::app
