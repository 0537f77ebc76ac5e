#pragma once

#include <string>
#include <vector>

#include "toxvol/config/config.hpp"

namespace toxvol::jobs {

/// How a verb is told its configuration: a preset or a file, and single keys on top.
struct ConfigOptions {
  std::string preset;  // --preset
  std::string file;    // --config, or `toxvol config … FILE`, which also takes a preset's name
  std::vector<std::string> sets;
  std::string symbol;  // --symbol: run.symbol
  std::string text{};  // what the file says, where it was read already
};

/// The validated configuration; preset A where nothing is named.
[[nodiscard]] config::Config resolve(const ConfigOptions& options);

/// `config explain` also takes a key: the one that stands where the file may, taken out of
/// `options`; empty where a file, a preset or nothing is named. Throws `UsageError` for what is
/// none of the three.
[[nodiscard]] std::string take_key(ConfigOptions& options);

}  // namespace toxvol::jobs
