#pragma once

#include <optional>
#include <vector>

#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

/// What the factors of one row say, before guards, costs and position (A5). `alpha` and `direction`
/// are empty unless a signal stands; then `reason` is enter_long or enter_short.
struct Signal {
  trading::Alpha alpha = trading::Alpha::None;
  std::optional<int> direction{};  // +1, −1
  trading::Reason reason = trading::Reason::NotBoundary;
  std::optional<double> own_size{};  // of a user's own signal: factor of the size, not of toxicity
};

/// N3: what the row lacks because a kind is overdue, before anything is called warm-up.
[[nodiscard]] std::optional<trading::Reason> overdue(const factors::FactorRow& row,
                                                     const factors::CrowdingParams& crowding);

/// A2–A5. Reads only the row: docs/strategy.md, "Signal". `told`: each step in its order, also
/// those after the first that does not hold.
[[nodiscard]] Signal signal(const factors::FactorRow& row, const StrategyParams& params,
                            std::vector<Step>* told = nullptr);

}  // namespace toxvol::strategy
