// Admission of orders: X4, X5, X8, X19.
#include <algorithm>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::RejectReason;

// X19: the order that this one replaces has acted first.
RejectReason RealisticExchange::cut_replacement(const Order& order, Qty& qty) {
  if (!order.record.submit.replaces) return RejectReason::None;
  const Order* old = desk_.find(*order.record.submit.replaces);
  if (old == nullptr) return RejectReason::None;
  qty -= old->record.filled_qty;
  const bool is_gone = old->record.status == trading::OrderStatus::Filled;
  return is_gone || qty <= Qty{} ? RejectReason::Replaced : RejectReason::None;
}

// An order that executes at once at a price that is not the touch's (X22, X24).
RejectReason RealisticExchange::admit(Order& order, Price at_price, ExchangeTime now) {
  const RejectReason reason = admit_form(order, now);
  if (reason != RejectReason::None) return reason;
  const bool is_limit = order.record.submit.type == trading::OrderType::Limit;
  return admit_value(order, is_limit ? order.price : at_price, now);
}

// X4, in its order: what needs no price. Sets what remains.
RejectReason RealisticExchange::admit_form(Order& order, ExchangeTime now) {
  const trading::Submit& submit = order.record.submit;
  const bool is_limit = submit.type == trading::OrderType::Limit;
  Qty qty = submit.qty;
  if (const RejectReason gone = cut_replacement(order, qty); gone != RejectReason::None) {
    return gone;
  }
  if (is_limit && (submit.price <= Price{} || submit.price.raw() % tick(now).raw() != 0)) {
    return RejectReason::Tick;
  }
  if (qty.raw() % instrument_.lot.raw() != 0) return RejectReason::Lot;
  if (qty < instrument_.min_qty || qty <= Qty{}) return RejectReason::MinQty;
  order.remaining = qty;
  return RejectReason::None;
}

// X4, the rest, of what remains. `price`: at which the order counts; none where there is none.
RejectReason RealisticExchange::admit_value(Order& order, std::optional<Price> price,
                                            ExchangeTime now) {
  const trading::Submit& submit = order.record.submit;
  const Timestamp ts = now;
  const bool is_limit = submit.type == trading::OrderType::Limit;
  const Ledger& ledger = account_.ledger();
  // What the order would close of the position.
  const Qty against =
      std::max(Qty{}, submit.side == Side::Buy ? -ledger.position() : ledger.position());
  if (submit.reduce_only) {
    order.remaining = std::min(order.remaining, against);
    if (order.remaining == Qty{}) return RejectReason::ReduceOnly;
  }
  if (!price) return RejectReason::NoQuote;

  if (!submit.reduce_only) {
    const Qty qty = order.remaining;
    const Int128 value = Int128{price->raw()} * qty.raw();
    const Money least = at(instrument_.min_notional, ts);
    if (value < Int128{least.raw()} * Qty::kOne) return RejectReason::MinNotional;

    // More than money can hold is more than any wallet has.
    if (!narrow(value / Qty::kOne)) return RejectReason::Margin;
    const Fee& fees = trading::fee_at(instrument_, params_.costs, ts);
    const Money fee = fee_on(notional(*price, qty), submit.post_only ? fees.maker : fees.taker,
                             params_.costs.bnb_discount);
    const Money margin = ledger.margin_of(*price, qty - std::min(qty, against));
    if (margin + fee > ledger.wallet() - ledger.margin()) return RejectReason::Margin;

    if (!instrument_.brackets.empty()) {
      const Qty after = ledger.position() + (submit.side == Side::Buy ? qty : -qty);
      const Money cap = cap_at(at(instrument_.brackets, ts), params_.exchange.leverage);
      if (notional(*price, std::max(after, -after)) > cap) return RejectReason::Bracket;
    }
  }

  if (submit.post_only) {
    if (!is_limit || submit.tif != trading::TimeInForce::Gtc) return RejectReason::PostOnly;
    const std::optional<Offer> offer = offer_to(submit.side, now);  // X8
    if (offer && sign(submit.side) * (submit.price - offer->level.price).raw() >= 0) {
      return RejectReason::PostOnly;
    }
  }
  return RejectReason::None;
}

}  // namespace toxvol::engine
