#pragma once

#include <optional>

#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

/// What the factors of one row say, before guards, costs and position (A5). `alpha` and `direction`
/// are empty unless a signal stands; then `reason` is enter_long or enter_short.
struct Signal {
  trading::Alpha alpha = trading::Alpha::None;
  std::optional<int> direction{};  // +1, −1
  trading::Reason reason = trading::Reason::NotBoundary;
};

/// A2–A5. Reads only the row: docs/strategy.md, "Signal".
[[nodiscard]] Signal signal(const factors::FactorRow& row, const StrategyParams& params);

}  // namespace toxvol::strategy
