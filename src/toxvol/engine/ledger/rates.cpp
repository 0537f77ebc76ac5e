#include "toxvol/engine/ledger/rates.hpp"

#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::engine {

Money fee_on(Money notional, Rate rate, bool bnb_discount, Rate surcharge) {
  using trading::kTenths;
  const Int128 tenths =
      Int128{rate.raw()} * trading::kept_tenths(bnb_discount) + Int128{surcharge.raw()} * kTenths;
  const Int128 fee = div_ceil(Int128{notional.raw()} * tenths, Int128{Rate::kOne} * kTenths);
  return Money::from_raw(narrow_or_throw(fee, "a fee"));
}

Money cap_at(const std::vector<Bracket>& brackets, int leverage) {
  Money cap{};
  for (const Bracket& bracket : brackets) {
    if (bracket.max_leverage >= leverage) cap = bracket.notional_cap;
  }
  return cap;
}

Maintenance maintenance_at(const std::vector<Bracket>& brackets, Money notional) {
  Maintenance result;
  Money floor{};
  Rate before{};
  for (const Bracket& bracket : brackets) {
    // cum_k = cum_{k−1} + floor_k · (mmr_k − mmr_{k−1}): MM has no step between brackets.
    const Int128 step = Int128{floor.raw()} * (bracket.maintenance.raw() - before.raw());
    result.cum += Money::from_raw(narrow_or_throw(div_floor(step, Rate::kOne), "a bracket"));
    result.rate = bracket.maintenance;
    if (notional <= bracket.notional_cap) break;
    floor = bracket.notional_cap;
    before = bracket.maintenance;
  }
  return result;
}

bool is_liquidated(const std::vector<Bracket>& brackets, Qty position, Money cost, Money margin,
                   Mark mark) {
  if (brackets.empty() || position == Qty{}) return false;
  const Money value = notional(mark, position);
  const Money size = magnitude(value);
  const Maintenance level = maintenance_at(brackets, size);
  const Int128 required =
      div_ceil(Int128{size.raw()} * level.rate.raw(), Rate::kOne) - level.cum.raw();
  return Int128{margin.raw()} + value.raw() - cost.raw() <= required;
}

}  // namespace toxvol::engine
