#pragma once

#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {

/// ⌈notional · rate⌉, nine tenths of it exactly under the BNB discount, plus `surcharge` (the
/// clearance fee of a liquidation, never discounted) inside the same rounding.
[[nodiscard]] Money fee_on(Money notional, Rate rate, bool bnb_discount, Rate surcharge = {});

/// Upper notional of the highest bracket whose maximum leverage is at least `leverage`; 0 if none.
[[nodiscard]] Money cap_at(const std::vector<Bracket>& brackets, int leverage);

/// The bracket of a notional: its rate and cum, so that MM = ⌈notional · rate⌉ − cum.
struct Maintenance {
  Rate rate{};
  Money cum{};
};
[[nodiscard]] Maintenance maintenance_at(const std::vector<Bracket>& brackets, Money notional);

/// Whether M + Q · mark − C ≤ MM.
[[nodiscard]] bool is_liquidated(const std::vector<Bracket>& brackets, Qty position, Money cost,
                                 Money margin, Mark mark);

}  // namespace toxvol::engine
