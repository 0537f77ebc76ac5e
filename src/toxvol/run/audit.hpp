#pragma once

#include <cstddef>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/run/violations.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// What a run's records say of each other; `verify` reads them and puts them through here.

/// Order of rows, states and times of orders, and fills against the orders that they fill.
void audit_orders(const std::vector<trading::OrderRecord>& orders,
                  const std::vector<trading::CommandRecord>& commands,
                  const std::vector<trading::FillRecord>& fills, Violations& violations);

/// Positions against fills: quantity, fees, number, slippage, and the sums over all of them.
void audit_positions(const std::vector<trading::PositionRecord>& positions,
                     const std::vector<trading::FillRecord>& fills,
                     const trading::EquityRecord& last, Violations& violations);

/// The ledger row by row: I1, I2 (docs/engine.md), cumulative sums, the fill's own columns and the
/// drawdown.
class LedgerAudit {
 public:
  /// `is_exact` false: the parity profile, whose money was rounded at every fill.
  LedgerAudit(const std::vector<trading::FillRecord>& fills, Violations& violations,
              bool is_exact = true)
      : fills_{fills}, violations_{violations}, is_exact_{is_exact} {}

  void add(const trading::EquityRecord& row);
  void finish();

 private:
  void take_fill(const trading::EquityRecord& row);

  const std::vector<trading::FillRecord>& fills_;
  Violations& violations_;
  bool is_exact_;
  std::size_t next_fill_ = 0;
  bool has_started_ = false;
  trading::EquityRecord before_;
  Money deposit_{};
  Money peak_{};
  Int128 traded_ = 0;  // Σ s·p·q in units of 1e-16
  Int128 fees_ = 0;
  Int128 position_ = 0;
};

}  // namespace toxvol::run
