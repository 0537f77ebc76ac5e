#pragma once

#include <string>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

/// A contract fact and the time it holds from.
template <class T>
struct Dated {
  Timestamp from{};
  T value{};
};

/// Fees of one tier. Rates as fractions: 0.0005 is 5 bp.
struct Fee {
  std::string tier;  // "VIP0" …
  Rate maker{};
  Rate taker{};
};

/// One leverage bracket: positions up to `notional_cap`.
struct Bracket {
  Money notional_cap{};
  Rate maintenance{};
  int max_leverage = 1;
};

/// What is known of a contract, with the dates it changed (docs/data.md#instruments).
/// Every dated list ascends in `from` and its first entry holds for all earlier times too.
struct Instrument {
  std::string symbol;  // "BTCUSDT"
  bool inferred = false;
  std::vector<Dated<Price>> tick;
  Qty lot{};
  Qty min_qty{};
  std::vector<Dated<Money>> min_notional;
  std::vector<Dated<std::vector<Fee>>> fees;
  std::vector<Dated<std::vector<Bracket>>> brackets;  // empty: no cap, never liquidated
  std::vector<Dated<Rate>> clearance_fee;             // of a liquidation; empty: 0
};

/// The value in force at `ts`. `list` is not empty.
template <class T>
[[nodiscard]] const T& at(const std::vector<Dated<T>>& list, Timestamp ts) {
  const T* value = &list.front().value;
  for (const auto& entry : list) {
    if (entry.from > ts) break;
    value = &entry.value;
  }
  return *value;
}

}  // namespace toxvol
