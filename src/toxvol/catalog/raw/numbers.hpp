#pragma once

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"

/// The numbers of a record that share the precision of its symbol.
namespace toxvol::catalog {

/// Decimals that an instrument's numbers may have; 8 = any.
struct Precision {
  int price = 8;
  int size = 8;
  friend bool operator==(const Precision&, const Precision&) = default;
};

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
template <class Record, class Visitor>
void visit_numbers(const Record& /*row*/, Visitor&& /*v*/) {}

/// Whether rows of the kind have prices and sizes: an instrument can be inferred from them.
[[nodiscard]] constexpr bool has_prices(Kind kind) {
  return kind != Kind::Metrics && kind != Kind::Funding;
}

}  // namespace toxvol::catalog
