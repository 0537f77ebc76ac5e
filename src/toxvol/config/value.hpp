#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::config {

/// What a key can hold, as TOML has it: numbers of a list are doubles.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<double>,
                           std::vector<std::string>>;

/// TOML spelling of a value: `"30m"`, `0.7`, `[1, 7, 30]`.
[[nodiscard]] std::string to_toml(const Value& value);

/// `30m`, `20ms`, `7d`: a whole number and one of ns us ms s m h d. Empty if it is not one.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// The same text back, in the largest unit that divides it.
[[nodiscard]] std::string to_text(Duration duration);

/// Plain or exponent decimal text as units of 1e-8, exactly; empty if it is none or does not fit.
[[nodiscard]] std::optional<std::int64_t> parse_e8(std::string_view text);
/// Shortest decimal text of units of 1e-8: 150000000 is `1.5`.
[[nodiscard]] std::string decimal_text(std::int64_t e8);

/// Shortest text that reads back as the same double; always with a point or exponent.
[[nodiscard]] std::string shortest(double value);

}  // namespace toxvol::config
