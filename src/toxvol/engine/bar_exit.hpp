#pragma once

#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

/// Which of a position's levels a bar has reached, where bars are all there is (X22).
struct BarExit {
  trading::Role role = trading::Role::Stop;
  Price trigger{};  // the level
  Price price{};    // what the market gave for it: the level, or the open if that lay beyond
};

/// The stop before the target. The stop is reached when it is touched; a print at the target does
/// not show that anyone would have paid it to us: the bar must go through it.
[[nodiscard]] std::optional<BarExit> bar_exit(const Bar& bar, bool is_long,
                                              std::optional<Price> stop,
                                              std::optional<Price> target);

}  // namespace toxvol::engine
