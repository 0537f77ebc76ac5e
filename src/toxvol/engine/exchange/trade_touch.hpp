#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::engine {

/// The touch that stands in for quotes where there are none (X21): a trade becomes the price of its
/// aggressor's side, one tick beyond is the other, both sizes the median of the last 1 000 trade
/// quantities, floored to the lot, at least one lot.
class TradeTouch {
 public:
  explicit TradeTouch(Qty lot);

  /// The quote that `trade` becomes; `update_id` is its agg_trade_id.
  [[nodiscard]] Quote on(const Trade& trade, Price tick);

 private:
  static constexpr std::size_t kTrades = 1'000;

  Qty lot_;
  std::vector<std::int64_t> ring_;    // by arrival
  std::vector<std::int64_t> sorted_;  // the same values, ascending
  std::size_t oldest_ = 0;
};

}  // namespace toxvol::engine
