#include "toxvol/app/config_options.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::app {

void add_set_option(CLI::App& verb, ConfigOptions& options) {
  verb.add_option("--set", options.sets, "key=value, over the file; may be repeated")
      ->take_all()
      ->expected(1)
      ->trigger_on_parse(false);
}

void add_config_options(CLI::App& verb, ConfigOptions& options) {
  auto* preset = verb.add_option("--preset", options.preset, "A, B, C or short");
  verb.add_option("--config", options.file, "A TOML file")->excludes(preset);
  add_set_option(verb, options);
}

config::Config resolve(const ConfigOptions& options) {
  const auto names = config::preset_names();
  const bool file_is_preset = std::find(names.begin(), names.end(), options.file) != names.end();
  config::Config config;
  if (!options.preset.empty()) {
    config = config::preset(options.preset);
  } else if (file_is_preset) {
    config = config::preset(options.file);
  } else if (!options.file.empty()) {
    config = config::load(options.file);
  }
  for (const std::string& assignment : options.sets) config::set(config, assignment);
  try {
    config::validate(config);
  } catch (const Error& error) {
    // The flags made it impossible: then they are wrong, not a file.
    if (std::string{error.what()}.starts_with("--set")) throw UsageError{error.what()};
    throw;
  }
  return config;
}

}  // namespace toxvol::app
