#pragma once

#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/market_source.hpp"

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

/// Where the rows are and which. A function, and no braces inside of a request's: of an aggregate
/// in braces inside of another g++ 12 destroys the members twice where a later member's initialiser
/// throws.
inline jobs::MarketOptions market_options(std::string catalog, std::vector<std::string> raw,
                                          std::string from, std::string to) {
  return {.catalog = std::move(catalog),
          .raw = std::move(raw),
          .from = std::move(from),
          .to = std::move(to)};
}

}  // namespace toxvol::python
