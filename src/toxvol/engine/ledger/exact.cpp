#include "toxvol/engine/ledger/exact.hpp"

#include <cstdint>
#include <string>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"

namespace toxvol::engine {

std::int64_t narrow_or_throw(Int128 value, const char* what) {
  const auto result = narrow(value);
  if (!result) {
    throw Error{std::string{"ledger: "} + what +
                " is beyond 9.2e10 in 1e-8 units; use a smaller deposit or smaller orders"};
  }
  return *result;
}

Money notional(Price price, Qty qty) {
  const Int128 product = Int128{price.raw()} * qty.raw();
  if (product % Money::kOne != 0) {
    throw Error{"ledger: price " + std::to_string(price.raw()) + "e-8 times quantity " +
                std::to_string(qty.raw()) +
                "e-8 has more than 8 decimals; check tick and lot of the instrument"};
  }
  return Money::from_raw(narrow_or_throw(product / Money::kOne, "a notional"));
}

Money notional(Mark mark, Qty qty) {
  const Int128 product = Int128{mark.twice} * qty.raw();
  constexpr Int128 kTwo = 2 * Int128{Money::kOne};
  if (product % kTwo != 0) {
    throw Error{"ledger: mark " + std::to_string(mark.twice) + "/2 e-8 times position " +
                std::to_string(qty.raw()) +
                "e-8 has more than 8 decimals; check tick and lot of the instrument"};
  }
  return Money::from_raw(narrow_or_throw(product / kTwo, "a marked position"));
}

void Average::add(Price price, Qty qty) {
  product_ += Int128{price.raw()} * qty.raw();
  qty_ += qty.raw();
}

Price Average::value() const {
  TOXVOL_ASSERT(qty_ > 0);
  return Price::from_raw(narrow_or_throw(div_floor(product_, qty_), "an average price"));
}

}  // namespace toxvol::engine
