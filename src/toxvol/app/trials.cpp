#include "toxvol/jobs/trials.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/session.hpp"

namespace toxvol::app {

void add_trials(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "trials", "List what was tried on a catalog's data, and what the count makes of it");
  auto request = std::make_shared<jobs::TrialsRequest>();
  verb->add_option("CATALOG", request->catalog, "Catalog whose trial log is read");
  verb->add_option("--trials", request->file, "A trial log in place of a catalog's");
  verb->add_option("--study", request->study,
                   "Only trials of this study; the first digits of its id are enough");
  verb->callback([&session, request] {
    const jobs::TrialsListing listing = jobs::list_trials(*request);
    if (session.json) {
      fmt::print("{}\n", jobs::trials_json(listing));
    } else {
      for (const std::string& line : jobs::trials_lines(listing)) fmt::print("{}\n", line);
    }
  });
}

}  // namespace toxvol::app
