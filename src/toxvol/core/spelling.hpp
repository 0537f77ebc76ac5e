#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toxvol {

/// How many letters to add, take away, change or swap with a neighbour to make `b` of `a`; small
/// and capital letters are the same. A beginning of at least four letters is one away.
[[nodiscard]] std::size_t spelling_distance(std::string_view a, std::string_view b);

/// Up to this distance a name is near enough to have been meant: a third of its letters.
[[nodiscard]] std::size_t spelling_limit(std::string_view asked);

/// The name that was probably meant; nothing when none is near. The first of equals.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view asked,
                                                      const std::vector<std::string>& names);

}  // namespace toxvol
