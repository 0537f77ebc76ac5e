// Liquidation: docs/engine.md, "Liquidation".
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::FillRule;

void RealisticExchange::judge_liquidation(ExchangeTime now) {
  using Marks = std::numeric_limits<std::int64_t>;
  const Ledger& ledger = account_.ledger();
  const std::optional<Mark>& mark = account_.mark();
  if (liquidating_ || !mark) return;
  if (ledger.position() == Qty{} || instrument_.brackets.empty()) {
    safe_from_ = Marks::min();
    safe_to_ = Marks::max();
    safe_until_ = kNever;  // a fill ends it
    return;
  }
  const std::vector<Bracket>& brackets = at(instrument_.brackets, now);
  if (is_liquidated(brackets, ledger.position(), ledger.cost(), ledger.margin(), *mark)) {
    liquidate(now);
    return;
  }
  const bool is_long = ledger.position() > Qty{};
  safe_from_ = is_long ? mark->twice : Marks::min();
  safe_to_ = is_long ? Marks::max() : mark->twice;
  safe_until_ = kNever;
  for (const auto& dated : instrument_.brackets) {
    if (dated.from > now) {
      safe_until_ = std::chrono::ceil<Milliseconds>(dated.from);
      return;
    }
  }
}

// What an order of `side` met last, whatever its age. There is one wherever there is a mark.
Price RealisticExchange::last_known(Side side) const {
  const bool buys = side == Side::Buy;
  if (feed_ == Feed::Bars) {
    TOXVOL_ASSERT(last_close_);
    return *last_close_;
  }
  if (touch_.is_trade_younger(quote_)) return buys ? touch_.trade_ask() : touch_.trade_bid();
  return buys ? quote_->ask : quote_->bid;
}

void RealisticExchange::liquidate(ExchangeTime now) {
  liquidating_ = true;
  ++liquidations_;
  cancel_all(now);
  const Ledger before = account_.ledger();
  const bool is_long = before.position() > Qty{};
  trading::Submit close;
  close.side = is_long ? Side::Sell : Side::Buy;
  close.reduce_only = true;
  close.qty = is_long ? before.position() : -before.position();
  close.intent.role = trading::Role::Liquidation;
  Order& order = desk_.place_own(close, now);

  if (const std::optional<Offer> offer = offer_to(order.side, now)) {
    take(order, *offer, std::nullopt, FillRule::Liq, now);
  } else {  // it does not wait for a touch (N4)
    const Price price = past(last_known(order.side), order.side, impact(now), now);
    fill(order, {.at = now, .price = price, .qty = order.remaining, .rule = FillRule::Liq});
  }
  account_.close_liquidation(before, now);
  liquidating_ = false;
}

void RealisticExchange::cancel_all(ExchangeTime now) {
  for (Book* orders : {&buys_, &sells_, &waiting_}) {
    for (Order* order : *orders) {
      if (order->working) desk_.cancel(*order, now);
    }
  }
  has_done_ = true;
}

}  // namespace toxvol::engine
