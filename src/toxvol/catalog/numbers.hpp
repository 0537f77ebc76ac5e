#pragma once

#include <cstdint>

#include "toxvol/core/market.hpp"

/// The numbers of a record that share the precision of its symbol.
namespace toxvol::catalog {

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// Tells prices and sizes of a record apart: `price(raw, column)`, `size(raw, column)`.
template <class Visitor>
void visit_numbers(const Trade& row, Visitor&& v) {
  v.price(row.price.raw(), "price");
  v.size(row.qty.raw(), "quantity");
}
template <class Visitor>
void visit_numbers(const Quote& row, Visitor&& v) {
  v.price(row.bid.raw(), "best_bid_price");
  v.price(row.ask.raw(), "best_ask_price");
  v.size(row.bid_qty.raw(), "best_bid_qty");
  v.size(row.ask_qty.raw(), "best_ask_qty");
}
template <class Visitor>
void visit_numbers(const Bar& row, Visitor&& v) {
  v.price(row.open.raw(), "open");
  v.price(row.high.raw(), "high");
  v.price(row.low.raw(), "low");
  v.price(row.close.raw(), "close");
  v.size(row.volume.raw(), "volume");
}
template <class Visitor>
void visit_numbers(const Metrics& /*row*/, Visitor&& /*v*/) {}
template <class Visitor>
void visit_numbers(const Funding& /*row*/, Visitor&& /*v*/) {}

}  // namespace toxvol::catalog
