#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"

namespace toxvol::engine {

/// A price between two ticks, kept as bid + ask so that the half is exact (docs/engine.md,
/// "Ledger").
struct Mark {
  std::int64_t twice = 0;
  friend constexpr bool operator==(Mark, Mark) = default;
};

/// `value` as 64 bits; throws `Error` naming `what` where it does not fit.
[[nodiscard]] std::int64_t narrow_or_throw(Int128 value, const char* what);

/// price × quantity, exact: throws `Error` where the product has a ninth decimal, which prices on
/// the tick and quantities on the lot never have.
[[nodiscard]] Money notional(Price price, Qty qty);

/// quantity × mark, exact in 1e-8 under the same condition.
[[nodiscard]] Money notional(Mark mark, Qty qty);

/// ⌊Σ p·q / Σ q⌋ in 1e-8 (docs/engine.md, "Ledger").
class Average {
 public:
  void add(Price price, Qty qty);
  [[nodiscard]] bool empty() const { return qty_ == 0; }
  [[nodiscard]] Price value() const;

 private:
  Int128 product_ = 0;
  Int128 qty_ = 0;
};

}  // namespace toxvol::engine
