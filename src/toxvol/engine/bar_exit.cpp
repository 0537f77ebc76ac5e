#include "toxvol/engine/bar_exit.hpp"

#include <algorithm>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

std::optional<BarExit> bar_exit(const Bar& bar, bool is_long, std::optional<Price> stop,
                                std::optional<Price> target) {
  if (stop && (is_long ? bar.low <= *stop : bar.high >= *stop)) {
    return BarExit{.role = trading::Role::Stop,
                   .trigger = *stop,
                   .price = is_long ? std::min(bar.open, *stop) : std::max(bar.open, *stop)};
  }
  if (target && (is_long ? bar.high > *target : bar.low < *target)) {
    return BarExit{.role = trading::Role::TakeProfit,
                   .trigger = *target,
                   .price = is_long ? std::max(bar.open, *target) : std::min(bar.open, *target)};
  }
  return std::nullopt;
}

}  // namespace toxvol::engine
