#pragma once

#include <optional>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol {

/// A UTC day, `2024-01-31`, or a time, `2024-01-31T12:00:00Z`: also without seconds or zone, with a
/// fraction, or of another zone, `+02:00`. Nothing for any other text.
[[nodiscard]] std::optional<Timestamp> time_from_text(std::string_view text);

}  // namespace toxvol
