#include "toxvol/strategy/account.hpp"

#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

constexpr Int128 kOne = Money::kOne;

Money exact(Int128 raw) {
  const auto narrowed = narrow(raw);
  TOXVOL_ASSERT(narrowed.has_value());
  return Money::from_raw(*narrowed);
}

}  // namespace

Account::Account(Money deposit, bool funding, Duration funding_delay)
    : funding_{funding}, funding_delay_{funding_delay}, cash_{deposit} {}

void Account::on(const trading::FillSeen& fill) {
  const Qty change = fill.side == Side::Buy ? fill.qty : -fill.qty;
  // I2: cash is the deposit less Σ s·p·q less fees.
  cash_ -= exact(div_floor(Int128{fill.price.raw()} * change.raw(), kOne)) + fill.fee;

  const bool grows = position_ == Qty{} || (position_ > Qty{}) == (change > Qty{});
  const bool flips = !grows && magnitude(change) > magnitude(position_);
  if (position_ == Qty{} || flips) opened_cost_ = opened_qty_ = 0;
  const Qty opening = grows ? change : (flips ? change + position_ : Qty{});
  if (opening != Qty{}) {
    opened_cost_ += Int128{fill.price.raw()} * magnitude(opening).raw();
    opened_qty_ += magnitude(opening).raw();
    average_ = Price::from_raw(exact(div_floor(opened_cost_, opened_qty_)).raw());
  }
  position_ += change;
  mark(fill.price, fill.price);

  recent_.push_back({.ts_event = fill.ts_event, .signed_qty = change});
  for (Pending& pending : pending_) {
    if (fill.ts_event < pending.calc_time) pending.position += change;
  }
}

void Account::on(const Funding& funding) {
  if (!funding_) return;
  Pending pending{.calc_time = funding.ts_event,
                  .known_at = funding.ts_init + funding_delay_,
                  .rate = funding.rate,
                  .mark_sum = mark_sum_.value_or(0),
                  .position = position_};
  for (const PastFill& fill : recent_) {
    if (fill.ts_event >= pending.calc_time) pending.position -= fill.signed_qty;
  }
  pending_.push_back(pending);
}

void Account::book_funding(Timestamp now) {
  std::erase_if(pending_, [&](const Pending& pending) {
    if (pending.known_at > now) return false;
    const Int128 paid = Int128{pending.position.raw()} * pending.mark_sum * pending.rate.raw();
    cash_ += exact(div_floor(-paid, 2 * kOne * kOne));
    return true;
  });
}

void Account::mark(Price bid, Price ask) {
  mark_sum_ = bid.raw() + ask.raw();
}

void Account::forget_before(Timestamp ts) {
  std::erase_if(recent_, [&](const PastFill& fill) { return fill.ts_event < ts; });
}

Money Account::equity() const {
  return cash_ + exact(div_floor(Int128{position_.raw()} * mark_sum_.value_or(0), 2 * kOne));
}

}  // namespace toxvol::strategy
