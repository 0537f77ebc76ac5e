#pragma once

#include <optional>

namespace toxvol::factors {

/// A value of the minute table: empty where a factor has none yet (never NaN, never 0).
using Value = std::optional<double>;

}  // namespace toxvol::factors
