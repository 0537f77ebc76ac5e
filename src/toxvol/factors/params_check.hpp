#pragma once

#include <vector>

#include "toxvol/core/problem.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::factors {

/// Values that cannot stand together, such as a minimum count that a full window never holds (Z4).
/// Each value by itself is one that its key takes (docs/config.md).
[[nodiscard]] std::vector<Problem> check(const FactorParams& params);

}  // namespace toxvol::factors
