#pragma once

#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/jobs/config_options.hpp"

namespace toxvol::python {

/// How Python's verbs are told a configuration.
inline jobs::ConfigOptions config_options(std::string preset, std::string file,
                                          std::vector<std::string> sets, std::string symbol) {
  if (!preset.empty() && !file.empty()) throw UsageError{"preset, config: name one of them"};
  return {.preset = std::move(preset),
          .file = std::move(file),
          .sets = std::move(sets),
          .symbol = std::move(symbol)};
}

}  // namespace toxvol::python
