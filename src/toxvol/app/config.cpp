#include "toxvol/config/config.hpp"

#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/options.hpp"
#include "toxvol/app/session.hpp"
#include "toxvol/jobs/config_options.hpp"

namespace toxvol::app {

void add_config(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand("config", "Show, explain or check a configuration");
  verb->require_subcommand(1);

  const auto add = [&](const char* name, const char* help,
                       const char* file_help = "A TOML file, or the name of a preset") {
    auto* sub = verb->add_subcommand(name, help);
    auto options = std::make_shared<jobs::ConfigOptions>();
    sub->add_option("file", options->file, file_help);
    add_set_option(*sub, *options);
    return std::pair{sub, options};
  };

  const auto [show, show_options] = add("show", "The complete configuration as TOML");
  show->callback([&session, options = show_options] {
    const auto config = jobs::resolve(*options);
    const std::string text =
        session.json ? config::to_json(config) + "\n" : config::to_toml(config);
    fmt::print("{}", text);
  });

  const auto [explain, explain_options] =
      add("explain", "Each key with value, unit, default, source and where it was set",
          "A TOML file, the name of a preset, or a key: that one alone");
  auto markdown = std::make_shared<bool>(false);
  explain->add_flag("--markdown", *markdown, "The reference page, docs/config.md");
  explain->callback([&session, options = explain_options, markdown] {
    const std::string key = jobs::take_key(*options);
    const config::Config config = jobs::resolve(*options);
    if (session.json) {
      fmt::print("{}\n", config::explain_json(config, key));
    } else {
      fmt::print("{}", *markdown ? config::reference_page() : config::explain(config, key));
    }
  });

  const auto [check, check_options] = add("check", "Say whether it can run");
  check->callback([&session, options = check_options] {
    static_cast<void>(jobs::resolve(*options));
    if (session.json) {
      fmt::print("{{\"ok\":true}}\n");
    } else if (!session.quiet) {
      fmt::print("ok\n");
    }
  });
}

}  // namespace toxvol::app
