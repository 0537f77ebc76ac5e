#pragma once

#include <cstdint>

#include "toxvol/core/market.hpp"

namespace toxvol::factors {

/// What one quote adds to the order-flow imbalance, in 1e-8 base units. Sizes are assumed below
/// 2^61.
struct OfiIncrement {
  std::int64_t cks = 0;       // Cont–Kukanov–Stoikov
  std::int64_t document = 0;  // the proposal's literal ask side (E1)
  friend constexpr bool operator==(const OfiIncrement&, const OfiIncrement&) = default;
};

/// The increment from one quote to the next of the same UTC day. Definition: docs/factors/ofi.md
[[nodiscard]] constexpr OfiIncrement ofi_increment(const Quote& before, const Quote& now) {
  const std::int64_t bid_qty = now.bid_qty.raw();
  const std::int64_t ask_qty = now.ask_qty.raw();
  const std::int64_t bid_before = before.bid_qty.raw();
  const std::int64_t ask_before = before.ask_qty.raw();

  std::int64_t demand = 0;
  if (now.bid >= before.bid) demand += bid_qty;
  if (now.bid <= before.bid) demand -= bid_before;

  std::int64_t supply = 0;
  std::int64_t literal = 0;
  if (now.ask < before.ask) {
    supply = ask_qty;
    literal = -ask_qty;
  } else if (now.ask > before.ask) {
    supply = -ask_before;
    literal = ask_before;
  } else {
    supply = literal = ask_qty - ask_before;
  }
  return {.cks = demand - supply, .document = demand - literal};
}

}  // namespace toxvol::factors
