#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

/// One row of decisions.parquet: the factors and what was made of them (A4, A5).
struct DecisionRow {
  factors::FactorRow factors{};
  bool decides = false;
  trading::Alpha alpha = trading::Alpha::None;
  std::optional<int> direction{};  // +1, −1
  Qty position{};                  // signed, before
  trading::Reason reason = trading::Reason::NotBoundary;
};

}  // namespace toxvol::strategy
