#pragma once

#include <string>

#include "toxvol/explain/explanation.hpp"

namespace toxvol::explain {

/// What `toxvol explain --json` prints (docs/explain.md).
[[nodiscard]] std::string json_of(const Explanation& explanation);

}  // namespace toxvol::explain
