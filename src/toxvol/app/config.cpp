#include "toxvol/config/config.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/config_options.hpp"
#include "toxvol/app/session.hpp"

namespace toxvol::app {

void add_config(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("config", "Show, explain or check a configuration");
  verb->require_subcommand(1);

  const auto add = [&](const char* name, const char* help) {
    auto* sub = verb->add_subcommand(name, help);
    auto options = std::make_shared<ConfigOptions>();
    sub->add_option("file", options->file, "A TOML file, or the name of a preset");
    add_set_option(*sub, *options);
    return std::pair{sub, options};
  };

  const auto [show, show_options] = add("show", "The complete configuration as TOML");
  show->callback([&session, options = show_options] {
    const auto config = resolve(*options);
    const std::string text =
        session.json ? config::to_json(config) + "\n" : config::to_toml(config);
    fmt::print("{}", text);
  });

  const auto [explain, explain_options] =
      add("explain", "Each key with value, unit, default, source and where it was set");
  auto markdown = std::make_shared<bool>(false);
  explain->add_flag("--markdown", *markdown, "The reference page, docs/config.md");
  explain->callback([&session, options = explain_options, markdown] {
    if (session.json) {
      fmt::print("{}\n", config::explain_json(resolve(*options)));
    } else {
      fmt::print("{}", *markdown ? config::reference_page() : config::explain(resolve(*options)));
    }
  });

  const auto [check, check_options] = add("check", "Say whether it can run");
  check->callback([&session, options = check_options] {
    static_cast<void>(resolve(*options));
    if (session.json) {
      fmt::print("{{\"ok\":true}}\n");
    } else if (!session.quiet) {
      fmt::print("ok\n");
    }
  });
}

}  // namespace toxvol::app
