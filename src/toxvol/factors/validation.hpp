#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol::factors {

/// As in the configuration file: `7d`, `6h`, `30m`, `10s`, in the largest unit that is whole.
[[nodiscard]] std::string duration_text(Duration duration);

/// Throws `Error`: "<key> = <value>: <what is wrong and what to do>".
[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view why);

/// The whole minutes of `duration`. Throws `Error` unless it is at least one and whole.
[[nodiscard]] std::int64_t whole_minutes(std::string_view key, Duration duration);

}  // namespace toxvol::factors
