#include "toxvol/study/verify.hpp"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"

namespace toxvol::app {

void add_verify(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "verify", "Read a run folder again and check its identities, summary and fingerprint");
  auto run_folder = std::make_shared<std::string>();
  verb->add_option("RUN", *run_folder, "Run folder")->required();
  verb->callback([&session, run_folder] {
    const std::vector<std::string> violations = study::verify(*run_folder);
    if (session.json) {
      fmt::print("{}\n",
                 nlohmann::ordered_json{{"run", *run_folder}, {"violations", violations}}.dump());
    } else {
      for (const std::string& line : violations) fmt::print("{}\n", line);
      if (violations.empty() && !session.quiet) fmt::print("{}: sound\n", *run_folder);
    }
    if (!violations.empty()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
