#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "toxvol/config/config.hpp"

namespace toxvol::app {

/// How a verb is told its configuration: a preset or a file, and single keys on top.
struct ConfigOptions {
  std::string preset;  // --preset
  std::string file;    // --config, or `toxvol config … FILE`, which also takes a preset's name
  std::vector<std::string> sets;
  std::string symbol;  // --symbol: run.symbol
};

void add_set_option(CLI::App& verb, ConfigOptions& options);
/// --preset, --config, --set and --symbol.
void add_config_options(CLI::App& verb, ConfigOptions& options);

/// The validated configuration; preset A where nothing is named.
[[nodiscard]] config::Config resolve(const ConfigOptions& options);

}  // namespace toxvol::app
