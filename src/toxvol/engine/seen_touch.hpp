#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/market_touch.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// What a strategy takes for the touch: N4's rule on what it has seen; bars only: the last close.
class SeenTouch {
 public:
  SeenTouch(std::vector<Dated<Price>> ticks, Qty lot, Duration max_age)
      : ticks_{std::move(ticks), lot, max_age} {}

  void on(const Quote& quote) { ticks_.on(quote); }
  void on(const Trade& trade) { ticks_.on(trade); }
  void on(std::span<const Quote> quotes) { ticks_.on(quotes); }
  void on(std::span<const Trade> trades) { ticks_.on(trades); }
  void on(const Bar& bar) {
    has_bars_ = true;
    touch_ = trading::Touch{.bid = bar.close, .ask = bar.close, .ts_event = bar.ts_event};
  }

  /// Whether the last trade is the touch at `now`, and its prices if it is.
  [[nodiscard]] bool is_of_trade(Timestamp now) const { return ticks_.is_of_trade(now); }
  [[nodiscard]] Price trade_bid() const { return ticks_.trade_bid(); }
  [[nodiscard]] Price trade_ask() const { return ticks_.trade_ask(); }

  /// As of the last `look`.
  [[nodiscard]] const std::optional<trading::Touch>& value() const { return touch_; }
  void look(Timestamp now) {
    if (has_bars_) return;
    const std::optional<Quote> quote = ticks_.at(now);
    if (!quote) {
      touch_.reset();
      return;
    }
    touch_ = trading::Touch{.bid = quote->bid,
                            .ask = quote->ask,
                            .bid_qty = quote->bid_qty,
                            .ask_qty = quote->ask_qty,
                            .ts_event = quote->ts_event};
  }

 private:
  MarketTouch ticks_;
  bool has_bars_ = false;
  std::optional<trading::Touch> touch_;
};

}  // namespace toxvol::engine
