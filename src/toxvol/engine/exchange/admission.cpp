// Admission of orders: X4, X5, X8, X19.
#include <algorithm>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/exchange/realistic.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::RejectReason;

bool RealisticExchange::has_usable_quote() const {
  return quote_ && quote_->bid < quote_->ask && quote_->bid_qty > Qty{} && quote_->ask_qty > Qty{};
}

// X19: the order that this one replaces has acted first.
RejectReason RealisticExchange::cut_replacement(const Order& order, Qty& qty) {
  if (!order.record.submit.replaces) return RejectReason::None;
  const Order* old = desk_.find(*order.record.submit.replaces);
  if (old == nullptr) return RejectReason::None;
  qty -= old->record.filled_qty;
  const bool is_gone = old->record.status == trading::OrderStatus::Filled;
  return is_gone || qty <= Qty{} ? RejectReason::Replaced : RejectReason::None;
}

// X4, in its order. Sets what remains. `at_price`: where the order executes at a price that is not
// the touch's (X22, X24).
RejectReason RealisticExchange::admit(Order& order, std::optional<Price> at_price,
                                      std::int64_t ms) {
  const trading::Submit& submit = order.record.submit;
  const Timestamp ts = from_ms(ms);
  const bool is_limit = submit.type == trading::OrderType::Limit;

  Qty qty = submit.qty;
  if (const RejectReason gone = cut_replacement(order, qty); gone != RejectReason::None) {
    return gone;
  }
  if (is_limit && (submit.price <= Price{} || submit.price.raw() % tick(ms).raw() != 0)) {
    return RejectReason::Tick;
  }
  if (qty.raw() % instrument_.lot.raw() != 0) return RejectReason::Lot;
  if (qty < instrument_.min_qty || qty <= Qty{}) return RejectReason::MinQty;

  const Ledger& ledger = account_.ledger();
  // What the order would close of the position.
  const Qty against =
      std::max(Qty{}, submit.side == Side::Buy ? -ledger.position() : ledger.position());
  if (submit.reduce_only) {
    qty = std::min(qty, against);
    if (qty == Qty{}) return RejectReason::ReduceOnly;
  }
  order.remaining = qty;

  Price price = submit.price;
  if (!is_limit) {
    if (at_price) {
      price = *at_price;
    } else if (feed_ == Feed::Bars) {
      if (!last_close_) return RejectReason::NoQuote;
      price = *last_close_;
    } else {
      if (!has_usable_quote()) return RejectReason::NoQuote;  // X5
      price = submit.side == Side::Buy ? quote_->ask : quote_->bid;
    }
  }

  if (!submit.reduce_only) {
    const Int128 value = Int128{price.raw()} * qty.raw();
    const Money least = at(instrument_.min_notional, ts);
    if (value < Int128{least.raw()} * Qty::kOne) return RejectReason::MinNotional;

    // More than money can hold is more than any wallet has.
    if (!narrow(value / Qty::kOne)) return RejectReason::Margin;
    const Fee& fees = fee_of(instrument_, params_.costs.tier, ts);
    const Money fee = fee_on(notional(price, qty), submit.post_only ? fees.maker : fees.taker,
                             params_.costs.bnb_discount);
    const Money margin = ledger.margin_of(price, qty - std::min(qty, against));
    if (margin + fee > ledger.wallet() - ledger.margin()) return RejectReason::Margin;

    if (!instrument_.brackets.empty()) {
      const Qty after = ledger.position() + (submit.side == Side::Buy ? qty : -qty);
      const Money cap = cap_at(at(instrument_.brackets, ts), params_.exchange.leverage);
      if (notional(price, std::max(after, -after)) > cap) return RejectReason::Bracket;
    }
  }

  if (submit.post_only) {
    if (!is_limit || submit.tif != trading::TimeInForce::Gtc) return RejectReason::PostOnly;
    // X8, X5: also against a touch that is not usable, as long as its price is known.
    if (quote_ &&
        (submit.side == Side::Buy ? submit.price >= quote_->ask : submit.price <= quote_->bid)) {
      return RejectReason::PostOnly;
    }
  }
  return RejectReason::None;
}

}  // namespace toxvol::engine
