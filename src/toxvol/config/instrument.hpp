#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/instrument.hpp"

namespace toxvol::config {

/// The dated table of a contract (presets/instruments/). Throws `Error` with file and line.
[[nodiscard]] Instrument parse_instrument(std::string_view toml, const std::string& file);

/// The built-in table of `symbol`; empty where there is none (tick and lot are then inferred).
[[nodiscard]] std::optional<Instrument> known_instrument(std::string_view symbol);

}  // namespace toxvol::config
