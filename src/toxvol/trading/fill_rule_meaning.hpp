#pragma once

#include <array>
#include <string_view>

#include "toxvol/trading/enums.hpp"

namespace toxvol::trading {

/// Why a fill happened, in a few words; the rules: docs/engine.md.
[[nodiscard]] constexpr std::string_view meaning_of(FillRule rule) {
  constexpr std::array<std::string_view, kCount<FillRule>> kMeanings = {
      "no rule of ours: the profile follows another program's matching",
      "market order: the shown size at the touch, then one mean depth a tick behind it",
      "limit order that reached the other side on arrival and took up to its price",
      "resting: a trade at our price, after the queue ahead of us",
      "resting: a trade through our price",
      "resting: the other side's quote came to our price",
      "at a bar's open; with bars only also judged from the bar's range when it ended",
      "entry at the close that decided it: an optimistic bound",
      "liquidation"};
  return kMeanings.at(index_of(rule));
}

}  // namespace toxvol::trading
