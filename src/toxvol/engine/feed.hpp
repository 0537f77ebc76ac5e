#pragma once

#include <cstdint>

#include "toxvol/core/market.hpp"

namespace toxvol::engine {

/// What fills the orders of a run: the best of what `run.inputs` holds.
enum class Feed : std::uint8_t { Quotes, Trades, Bars };

[[nodiscard]] constexpr Feed feed_of(const Inputs& inputs) {
  if (inputs.quotes) return Feed::Quotes;
  return inputs.trades ? Feed::Trades : Feed::Bars;
}

}  // namespace toxvol::engine
