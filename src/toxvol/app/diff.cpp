#include "toxvol/run/diff.hpp"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"

namespace toxvol::app {

namespace {

struct DiffOptions {
  std::string a;
  std::string b;
};

}  // namespace

void add_diff(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("diff", "The first difference of each file of two run folders");
  auto options = std::make_shared<DiffOptions>();
  verb->add_option("A", options->a, "Run folder")->required();
  verb->add_option("B", options->b, "Run folder")->required();
  verb->callback([&session, options] {
    const std::vector<std::string> differences = run::diff(options->a, options->b);
    if (session.json) {
      fmt::print(
          "{}\n",
          nlohmann::ordered_json{{"a", options->a}, {"b", options->b}, {"differences", differences}}
              .dump());
    } else {
      for (const std::string& line : differences) fmt::print("{}\n", line);
      if (differences.empty() && !session.quiet) fmt::print("no difference\n");
    }
    if (!differences.empty()) session.exit_code = 1;
  });
}

}  // namespace toxvol::app
