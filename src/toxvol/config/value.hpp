#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace toxvol::config {

/// What a key can hold, as TOML has it: numbers of a list are doubles.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>,
                           std::vector<std::string>>;

/// TOML spelling of a value: `"30m"`, `0.7`, `[1, 7, 30]`.
[[nodiscard]] std::string to_toml(const Value& value);

/// Shortest text that reads back as the same double; always with a point or exponent.
[[nodiscard]] std::string shortest(double value);

}  // namespace toxvol::config
