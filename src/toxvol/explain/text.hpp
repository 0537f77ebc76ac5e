#pragma once

#include <string>
#include <vector>

#include "toxvol/explain/explanation.hpp"

namespace toxvol::explain {

/// For people, a line each (docs/explain.md).
[[nodiscard]] std::vector<std::string> text_of(const Explanation& explanation);

/// The parts of it that are about orders and the position.
void add_orders(const Explanation& explanation, std::vector<std::string>& lines);
void add_position(const Explanation& explanation, std::vector<std::string>& lines);

}  // namespace toxvol::explain
