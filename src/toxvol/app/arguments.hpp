#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol::app {

/// `2024-01-31`, or with a time `2024-01-31T12:34:56Z` (to the second). `option` names it in the
/// `UsageError`.
[[nodiscard]] Timestamp parse_time(std::string_view text, std::string_view option);

}  // namespace toxvol::app
