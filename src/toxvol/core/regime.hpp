#pragma once

#include <cstdint>

namespace toxvol {

/// Which side of the market is crowded (C10). The value is F3, the sign a faded crowd is traded
/// with.
enum class Regime : std::int8_t { CrowdedLong = -1, Neutral = 0, CrowdedShort = 1 };

}  // namespace toxvol
