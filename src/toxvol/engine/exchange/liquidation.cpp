// Liquidation: docs/engine.md, "Liquidation".
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/account.hpp"
#include "toxvol/engine/exchange/realistic.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::FillRule;

void RealisticExchange::check_liquidation(std::int64_t ms) {
  const Ledger& ledger = account_.ledger();
  if (ledger.position() == Qty{} || instrument_.brackets.empty() || liquidating_) return;
  const std::optional<Mark>& mark = account_.mark();
  if (!mark) return;
  const std::vector<Bracket>& brackets = at(instrument_.brackets, from_ms(ms));
  const bool is_long = ledger.position() > Qty{};
  if (safe_ && safe_brackets_ == &brackets &&
      (is_long ? mark->twice >= *safe_ : mark->twice <= *safe_)) {
    return;
  }
  if (is_liquidated(brackets, ledger.position(), ledger.cost(), ledger.margin(), *mark)) {
    liquidate(ms);
  } else {
    safe_ = mark->twice;
    safe_brackets_ = &brackets;
  }
}

// What an order of `side` met last, whatever its age. There is one wherever there is a mark.
Price RealisticExchange::last_known(Side side) const {
  const bool buys = side == Side::Buy;
  if (feed_ == Feed::Bars) return *last_close_;
  if (touch_.is_trade_younger(quote_)) return buys ? touch_.trade_ask() : touch_.trade_bid();
  return buys ? quote_->ask : quote_->bid;
}

void RealisticExchange::liquidate(std::int64_t ms) {
  liquidating_ = true;
  ++liquidations_;
  cancel_all(ms);
  const Ledger before = account_.ledger();
  const bool is_long = before.position() > Qty{};
  trading::Submit close;
  close.side = is_long ? Side::Sell : Side::Buy;
  close.reduce_only = true;
  close.qty = is_long ? before.position() : -before.position();
  close.intent.role = trading::Role::Liquidation;
  Order& order = desk_.place_own(close, ms);

  if (const std::optional<Offer> offer = offer_to(order.side, ms)) {
    take(order, *offer, std::nullopt, FillRule::Liq, ms);
  } else {  // it does not wait for a touch (N4)
    const Price price = past(last_known(order.side), order.side, impact(ms), ms);
    fill(order, {.ms = ms, .price = price, .qty = order.remaining, .rule = FillRule::Liq});
  }
  account_.close_liquidation(before, ms);
  liquidating_ = false;
}

void RealisticExchange::cancel_all(std::int64_t ms) {
  for (Book* orders : {&buys_, &sells_, &waiting_}) {
    for (Order* order : *orders) {
      if (order->working) desk_.cancel(*order, ms);
    }
  }
  has_done_ = true;
}

}  // namespace toxvol::engine
