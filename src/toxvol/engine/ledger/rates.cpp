#include "toxvol/engine/ledger/rates.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {
namespace {

// A discount of one tenth when fees are paid in BNB (Binance's fee page), exact in integers.
constexpr std::int64_t kBnbKeptTenths = 9;
constexpr std::int64_t kTenths = 10;

Money magnitude(Money value) {
  return value < Money{} ? -value : value;
}

}  // namespace

const Fee& fee_of(const Instrument& instrument, const std::string& tier, Timestamp ts) {
  for (const Fee& fee : at(instrument.fees, ts)) {
    if (fee.tier == tier) return fee;
  }
  throw Error{"costs.tier: " + instrument.symbol + " has no fees of tier \"" + tier + "\" at " +
              to_string(ts) + "; choose another tier or add it to the instrument's table"};
}

Money fee_on(Money notional, Rate rate, bool bnb_discount, Rate surcharge) {
  const std::int64_t kept = bnb_discount ? kBnbKeptTenths : kTenths;
  const Int128 tenths = Int128{rate.raw()} * kept + Int128{surcharge.raw()} * kTenths;
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

std::optional<Price> liquidation_price(const std::vector<Bracket>& brackets, Qty position,
                                       Money cost, Money margin, Price tick) {
  if (brackets.empty() || position == Qty{}) return std::nullopt;
  const Maintenance level = maintenance_at(brackets, magnitude(cost));
  const bool is_long = position > Qty{};
  const Int128 size = is_long ? position.raw() : -Int128{position.raw()};
  // Money is e8, size · (1 ∓ mmr) is e16: the quotient in e8 needs another 1e16 on top.
  const Int128 numerator = is_long ? Int128{cost.raw()} - margin.raw() - level.cum.raw()
                                   : Int128{magnitude(cost).raw()} + margin.raw() + level.cum.raw();
  if (numerator <= 0) return std::nullopt;  // no positive price liquidates
  const Int128 factor = Rate::kOne + (is_long ? -level.rate.raw() : level.rate.raw());
  const Int128 divisor = size * factor * tick.raw();
  // price / tick = numerator·1e8·1e8 / (size · factor · tick)
  constexpr Int128 kScale = Int128{Money::kOne} * Rate::kOne;
  const Int128 ticks =
      is_long ? div_ceil(numerator * kScale, divisor) : div_floor(numerator * kScale, divisor);
  return Price::from_raw(narrow_or_throw(ticks * tick.raw(), "a liquidation price"));
}

}  // namespace toxvol::engine
