#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// An order's life at the exchange. In the order of its fields: what every tick looks at, then the
/// rest.
struct Order {
  Price price{};    // LIMIT
  Qty remaining{};  // of the clamped quantity
  Qty ahead{};      // in the queue; meaningful if `ahead_known`
  bool ahead_known = false;
  bool working = false;   // accepted and not done
  bool first_bar = true;  // X22: no bar has begun with it in force
  Side side = Side::Buy;
  bool reduce_only = false;

  trading::OrderRecord record;
  Average average;
};

}  // namespace toxvol::engine
