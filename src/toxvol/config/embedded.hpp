#pragma once

#include <optional>
#include <string_view>

namespace toxvol::config {

/// Files of presets/ that are built into the program, so that it needs none beside it.

/// The text of presets/<name>.toml.
[[nodiscard]] std::optional<std::string_view> embedded_preset(std::string_view name);
/// The text of presets/<name>.toml that is a design: `ablation`.
[[nodiscard]] std::optional<std::string_view> embedded_design(std::string_view name);
/// The text of presets/instruments/<symbol>-PERP.toml.
[[nodiscard]] std::optional<std::string_view> embedded_instrument(std::string_view symbol);

}  // namespace toxvol::config
