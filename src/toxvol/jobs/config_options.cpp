#include "toxvol/jobs/config_options.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/jobs/arguments.hpp"

namespace toxvol::jobs {

namespace {

/// --symbol over the file; beside `--set run.symbol=` it has to be the same.
void set_symbol(config::Config& config, const std::string& symbol) {
  check_symbol(symbol, "--symbol");
  if (config::is_typed(config, "run.symbol") && config.symbol != symbol) {
    throw UsageError{fmt::format("--symbol {}: --set run.symbol={} says another one; name it once",
                                 symbol, config.symbol)};
  }
  config::set(config, fmt::format("run.symbol=\"{}\"", symbol));
}

}  // namespace

config::Config resolve(const ConfigOptions& options) {
  const auto names = config::preset_names();
  const bool file_is_preset = std::find(names.begin(), names.end(), options.file) != names.end();
  config::Config config;
  if (!options.preset.empty()) {
    config = config::preset(options.preset);
  } else if (file_is_preset) {
    config = config::preset(options.file);
  } else if (!options.text.empty()) {
    config = config::parse(options.text, options.file);
  } else if (!options.file.empty()) {
    config = config::load(options.file);
  }
  for (const std::string& assignment : options.sets) config::set(config, assignment);
  if (!options.symbol.empty()) set_symbol(config, options.symbol);
  config::validate(config);
  return config;
}

std::string take_key(ConfigOptions& options) {
  std::string asked = options.file;
  const std::vector<std::string> presets = config::preset_names();
  std::error_code unknown;
  if (asked.empty() || std::ranges::find(presets, asked) != presets.end() ||
      std::filesystem::exists(asked, unknown)) {
    return "";
  }
  options.file.clear();
  if (config::find_key(asked) != nullptr) return asked;
  auto nearest = nearest_name(asked, presets);
  if (const config::Key* key = config::nearest_key(asked); !nearest && key != nullptr) {
    nearest = key->name;
  }
  throw UsageError{fmt::format(
      "{}: no such key, preset or file; {}presets are {}, `toxvol config explain` lists the keys",
      asked, nearest ? fmt::format("did you mean {}? ", *nearest) : "", fmt::join(presets, ", "))};
}

}  // namespace toxvol::jobs
