#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/trade_touch.hpp"

namespace toxvol::engine {

/// The prices at which something can be had now, by their age (N4): the last usable quote (X5);
/// where that is older than `max_age`, the touch of the last trade (X21); where that is too, none.
class MarketTouch {
 public:
  MarketTouch(std::vector<Dated<Price>> ticks, Qty lot, Duration max_age);

  /// Bid below ask and something on both sides (X5).
  [[nodiscard]] static bool is_usable(const Quote& quote) {
    return quote.bid < quote.ask && quote.bid_qty > Qty{} && quote.ask_qty > Qty{};
  }
  /// A row that is not usable changes nothing.
  void on(const Quote& quote) {
    if (is_usable(quote)) quote_ = quote;
  }
  void on(const Trade& trade) { trades_.on(trade); }
  void on(std::span<const Trade> trades) { trades_.on(trades); }
  /// The last usable row is all that counts.
  void on(std::span<const Quote> quotes) {
    const auto last = std::find_if(quotes.rbegin(), quotes.rend(), is_usable);
    if (last != quotes.rend()) quote_ = *last;
  }
  /// As before the first trade.
  void forget_trades() { trades_.forget(); }

  [[nodiscard]] bool is_of_quote(Timestamp now) const {
    return quote_ && now - quote_->ts_event <= max_age_;
  }
  [[nodiscard]] bool is_of_trade(Timestamp now) const {
    const Trade* trade = trades_.trade();
    return trade && now - trade->ts_event <= max_age_ && !is_of_quote(now);
  }
  /// The touch at `now`; none: nothing can be had.
  [[nodiscard]] std::optional<Quote> at(Timestamp now);

  /// What one pays (BUY) or gets who takes at `price` of the touch: while the quote is more than a
  /// second older than the last trade, never a better price than that trade's.
  [[nodiscard]] Price taken_at(Side side, Price price) const;

  // From the first trade on, of the last one:
  [[nodiscard]] Price trade_bid() const { return trades_.bid(tick()); }
  [[nodiscard]] Price trade_ask() const { return trades_.ask(tick()); }
  [[nodiscard]] Mark trade_mark() const { return trades_.mark(tick()); }
  /// Whether the last trade is younger than `quote`, or there is no quote.
  [[nodiscard]] bool is_trade_younger(const std::optional<Quote>& quote) const {
    const Trade* trade = trades_.trade();
    return trade && (!quote || trade->ts_event > quote->ts_event);
  }

 private:
  /// Of the last trade's time.
  [[nodiscard]] Price tick() const { return toxvol::at(ticks_, trades_.ts()); }

  std::vector<Dated<Price>> ticks_;
  Duration max_age_;
  std::optional<Quote> quote_;  // the last usable one
  TradeTouch trades_;
};

}  // namespace toxvol::engine
