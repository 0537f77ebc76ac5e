#include "toxvol/app/config_options.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/arguments.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::app {

namespace {

/// --symbol over the file; beside `--set run.symbol=` it has to be the same.
void set_symbol(config::Config& config, const std::string& symbol) {
  check_symbol(symbol, "--symbol");
  const auto origin = config.origin.find("run.symbol");
  if (origin != config.origin.end() && origin->second == "--set" && config.symbol != symbol) {
    throw UsageError{fmt::format("--symbol {}: --set run.symbol={} says another one; name it once",
                                 symbol, config.symbol)};
  }
  config::set(config, fmt::format("run.symbol=\"{}\"", symbol));
}

}  // namespace

void add_set_option(CLI::App& verb, ConfigOptions& options) {
  verb.add_option("--set", options.sets, "key=value, over the file; may be repeated")
      ->take_all()
      ->expected(1)
      ->trigger_on_parse(false);
}

void add_config_options(CLI::App& verb, ConfigOptions& options) {
  auto* preset = verb.add_option("--preset", options.preset,
                                 fmt::format("{}", fmt::join(config::preset_lines(), "\n")));
  preset->type_name(fmt::format("{{{}}}", fmt::join(config::preset_names(), ",")));
  verb.add_option("--config", options.file, "A TOML file")->excludes(preset);
  add_set_option(verb, options);
  verb.add_option("--symbol", options.symbol, "The contract, such as BTCUSDT; run.symbol");
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
  if (!options.symbol.empty()) set_symbol(config, options.symbol);
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
