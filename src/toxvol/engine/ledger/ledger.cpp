#include "toxvol/engine/ledger/ledger.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {
namespace {

Money sum(Money a, Money b, const char* what) {
  return Money::from_raw(narrow_or_throw(Int128{a.raw()} + b.raw(), what));
}

}  // namespace

Ledger::Ledger(Money deposit, int leverage) : deposit_{deposit}, leverage_{leverage} {
  TOXVOL_ASSERT(leverage > 0);
}

Booked Ledger::fill(Side side, Price price, Qty qty, Money fee) {
  TOXVOL_ASSERT(qty > Qty{});
  Booked booked;
  const std::int64_t held = position_.raw();
  const std::int64_t signed_qty = sign(side) * qty.raw();
  const bool reduces = (held > 0) != (signed_qty > 0) && held != 0;
  if (reduces) {
    const Int128 whole = magnitude(held);
    const auto closed = static_cast<std::int64_t>(std::min<Int128>(whole, qty.raw()));
    booked.closed = Qty::from_raw(closed);
    // Integer division truncates, as the rule asks; the last close takes all of the cost.
    const Money out =
        closed == whole
            ? cost_
            : Money::from_raw(static_cast<std::int64_t>(Int128{cost_.raw()} * closed / whole));
    const Money value = notional(price, booked.closed);
    booked.realised = (held > 0 ? value : -value) - out;
    realised_ = sum(realised_, booked.realised, "the realised result");
    cost_ -= out;
    position_ += Qty::from_raw(sign(side) * closed);
  }
  booked.opened = qty - booked.closed;
  if (booked.opened > Qty{}) {
    const Money value = notional(price, booked.opened);
    cost_ = sum(cost_, side == Side::Buy ? value : -value, "the cost of the position");
    position_ = Qty::from_raw(narrow_or_throw(
        Int128{position_.raw()} + sign(side) * Int128{booked.opened.raw()}, "the position"));
  }
  fees_ = sum(fees_, fee, "the sum of fees");
  traded_ += sign(side) * Int128{notional(price, qty).raw()};
  check(std::nullopt);
  return booked;
}

Money Ledger::fund(Rate rate, Mark mark) {
  constexpr Int128 kScale = 2 * Int128{Qty::kOne} * Rate::kOne;
  const Int128 flow = div_floor(-Int128{position_.raw()} * mark.twice * rate.raw(), kScale);
  const Money paid = Money::from_raw(narrow_or_throw(flow, "a funding payment"));
  funding_ = sum(funding_, paid, "the sum of funding");
  check(mark);
  return paid;
}

void Ledger::insure(Money amount) {
  TOXVOL_ASSERT(amount >= Money{});
  insurance_ = sum(insurance_, amount, "the insurance credit");
  check(std::nullopt);
}

void Ledger::check(std::optional<Mark> mark) const {
  // Where nothing is marked, the position at cost stands in: both identities lose the same term.
  const Int128 value = mark ? Int128{notional(*mark, position_).raw()} : Int128{cost_.raw()};
  const Int128 first = Int128{deposit_.raw()} + realised_.raw() - fees_.raw() + funding_.raw() +
                       insurance_.raw() + value - cost_.raw();
  const Int128 second =
      Int128{deposit_.raw()} - traded_ - fees_.raw() + funding_.raw() + insurance_.raw() + value;
  TOXVOL_ASSERT(first == second);                         // I1 = I2
  TOXVOL_ASSERT(position_ != Qty{} || cost_ == Money{});  // flat costs nothing
}

Money Ledger::unrealised(std::optional<Mark> mark) const {
  if (!mark) return Money{};
  return notional(*mark, position_) - cost_;
}

Money Ledger::margin() const {
  return Money::from_raw(
      static_cast<std::int64_t>(div_ceil(magnitude(cost_.raw()), Int128{leverage_})));
}

Balance Ledger::balance(std::optional<Mark> mark) const {
  return {.position = position_,
          .wallet = wallet(),
          .realised = realised_,
          .fees = fees_,
          .funding = funding_,
          .insurance = insurance_,
          .unrealised = unrealised(mark),
          .margin = margin()};
}

Money Ledger::margin_of(Price price, Qty qty) const {
  return Money::from_raw(
      static_cast<std::int64_t>(div_ceil(notional(price, qty).raw(), Int128{leverage_})));
}

}  // namespace toxvol::engine
