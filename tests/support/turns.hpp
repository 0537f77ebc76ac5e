#pragma once

#include <cstdlib>

namespace toxvol::test {

/// How often a random test draws: `usual` times, or `thorough` times in `make trust`, which sets
/// the variable.
inline int turns(int usual, int thorough) {
  return std::getenv("TOXVOL_THOROUGH") != nullptr ? thorough : usual;
}

}  // namespace toxvol::test
