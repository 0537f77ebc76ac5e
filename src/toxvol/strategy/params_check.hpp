#pragma once

#include <vector>

#include "toxvol/core/problem.hpp"
#include "toxvol/strategy/params.hpp"

namespace toxvol::strategy {

/// Values that cannot stand together, those of the factors among them (`factors::check`).
[[nodiscard]] std::vector<Problem> check(const StrategyParams& params);

}  // namespace toxvol::strategy
