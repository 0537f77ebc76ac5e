#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol {

/// The longest that can be asked for: of any time there is (`kLastYear`) the sum is a time too.
inline constexpr Duration kLongest = std::chrono::days{3650};

/// `30m`, `20ms`, `7d`: a whole number and one of ns us ms s m h d. Empty if it is not one, or is
/// longer than `kLongest`.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// The same text back, in the largest unit that divides it; `0s`.
[[nodiscard]] std::string to_text(Duration duration);

}  // namespace toxvol
