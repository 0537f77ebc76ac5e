#pragma once

#include "toxvol/factors/params.hpp"

namespace toxvol::factors {

/// Throws `Error`, naming the key, for parameters that cannot work: a value out of range, or a
/// minimum count that a full window never holds (Z4).
void validate(const FactorParams& params);

}  // namespace toxvol::factors
