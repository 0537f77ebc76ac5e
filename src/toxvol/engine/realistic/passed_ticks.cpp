// Ticks that are passed at once while nothing of ours is at the exchange
// (docs/engine.md#passed-ticks).
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/depth_meter.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/trade_touch.hpp"

namespace toxvol::engine {

Mark RealisticExchange::mark_of(const Trade& trade) const {
  return TradeTouch::mark_of(trade, at(instrument_.tick, trade.ts_event));
}

bool RealisticExchange::stands(Mark lowest, Mark highest, ExchangeTime begin,
                               ExchangeTime end) const {
  const Ledger& ledger = account_.ledger();
  if (ledger.position() == Qty{} || instrument_.brackets.empty()) return true;
  const std::vector<Bracket>& brackets = at(instrument_.brackets, begin);
  if (&brackets != &at(instrument_.brackets, end)) return false;
  // What is owed and what it is worth are monotone in the mark: the worst one says it of all.
  return !is_liquidated(brackets, ledger.position(), ledger.cost(), ledger.margin(),
                        ledger.position() > Qty{} ? lowest : highest);
}

void RealisticExchange::pass(std::span<const Quote> quotes) {
  if (feed_ != Feed::Quotes || quotes.empty()) return;
  quote_ = quotes.back();
  touch_.on(quotes);
  account_.mark_at(mark_of(quotes.back()));
}

void RealisticExchange::pass(std::span<const Trade> trades) {
  if (!trades.empty()) account_.mark_at(mark_of(trades.back()));
}

void RealisticExchange::begin_restoring() {
  depth_ = {};
  touch_.forget_trades();
}

void RealisticExchange::restore(std::span<const Quote> quotes) {
  for (const Quote& quote : quotes) {
    depth_.on(exchange_time(quote.ts_event), quote.bid_qty + quote.ask_qty);
  }
}

void RealisticExchange::restore(std::span<const Trade> trades) {
  touch_.on(trades);
}

void RealisticExchange::restore_touches(std::span<const Trade> trades) {
  for (const Trade& trade : trades) {
    const ExchangeTime now = exchange_time(trade.ts_event);
    touch_.on(trade);
    if (!touch_.is_of_trade(now)) continue;
    quote_ = touch_.at(now);
    TOXVOL_ASSERT(quote_);
    depth_.on(now, quote_->bid_qty + quote_->ask_qty);
  }
}

}  // namespace toxvol::engine
