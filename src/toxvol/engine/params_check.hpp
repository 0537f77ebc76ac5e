#pragma once

#include <vector>

#include "toxvol/core/problem.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {

/// Values that cannot stand together; what the contract's table has to allow is `validate`'s.
[[nodiscard]] std::vector<Problem> check(const ExchangeParams& params);

}  // namespace toxvol::engine
