#pragma once

#include <optional>
#include <string>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/crowding.hpp"
#include "toxvol/factors/pressure.hpp"
#include "toxvol/factors/toxicity.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/volatility.hpp"

namespace toxvol::factors {

/// Quantiles of decision rows before this one (Q2, G7), and the rank of `t` among them.
struct Thresholds {
  Value q_f1, q_p, tau_t, t_rank;
  Value q_p_b;  // of |p| at alpha_b.pressure; no column
};

/// What is known at the end of a minute: each group's values as the group left them. Which of them
/// are columns, with unit and meaning: columns.hpp.
struct FactorRow {
  Timestamp ts{};  // the bar's end
  Timestamp ts_init{};
  Price close{};
  std::optional<Price> bid, ask;
  Value quote_age_s;
  VolatilityValues volatility;
  Pressure::Values pressure;
  Toxicity::Values toxicity;
  Crowding::Values crowding;
  Thresholds thresholds;
  Gated gated;
  std::string mode;      // A6
  bool decides = false;  // a cadence boundary (G1)
  Inputs overdue;        // inputs whose newest record was too old (N2)
};

}  // namespace toxvol::factors
