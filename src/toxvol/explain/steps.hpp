#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toxvol/strategy/step.hpp"

namespace toxvol::explain {

/// How far beyond the threshold the value lies on the side where the step holds; below 0: how much
/// is missing. Empty where nothing is compared or a number is unknown.
[[nodiscard]] std::optional<double> margin(const strategy::Step& step);

/// `f1 1.31 >= q_f1 1.12: compressed (by 0.19)`.
[[nodiscard]] std::string words_of(const strategy::Step& step);

/// A line each, with `yes` or `NO` before it; those after the first `NO` were not asked any more.
[[nodiscard]] std::vector<std::string> lines_of(const std::vector<strategy::Step>& steps);

}  // namespace toxvol::explain
