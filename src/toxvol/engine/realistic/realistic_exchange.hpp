#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/market_touch.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/consumed.hpp"
#include "toxvol/engine/realistic/debt.hpp"
#include "toxvol/engine/realistic/depth_meter.hpp"
#include "toxvol/engine/realistic/desk.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

/// The exchange of the realistic profile: admission, taking, resting, queues, liquidation. The
/// caller hands it commands, trades and quotes in the order of X2. Every rule: docs/engine.md.
class RealisticExchange {
 public:
  RealisticExchange(const EngineParams& params, const Instrument& instrument, Desk& desk,
                    Account& account);

  /// A submit arrives; false: rejected.
  bool arrive(Order& order, ExchangeTime now);
  /// A cancel arrives; false: too late.
  bool cancel(Order* order, ExchangeTime now);
  void on(const Trade& trade, ExchangeTime now);
  void on(const Quote& quote, ExchangeTime now);
  /// A bar's open, at its first millisecond: bars only (X22), and where nothing else has a price
  /// for the orders that wait (N4).
  void on_open(const Bar& bar, ExchangeTime now);
  /// Bars only: the close marks from here on.
  void mark_close(const Bar& bar);
  /// Bars only: what rests is judged against the bar that ends now.
  void on_close(const Bar& bar, ExchangeTime now);
  /// After a payment.
  void check_liquidation(ExchangeTime now) {
    const std::optional<Mark>& mark = account_.mark();
    const bool is_safe = mark && mark->twice >= safe_from_ && mark->twice <= safe_to_;
    if (!is_safe || now >= safe_until_) judge_liquidation(now);
  }

  /// X24: at `close`, at once. False: rejected.
  bool fill_same_close(Order& order, Price close, ExchangeTime now);
  /// Bars only: fills an exit at the price where the bar reached it, a MARKET order less impact, a
  /// LIMIT order as maker. False: rejected.
  bool fill_on_bar(Order& order, Price price, ExchangeTime now);

  /// A MARKET order is accepted and has no price yet.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }
  /// Whether a working reduce-only LIMIT order would take the position's profit.
  [[nodiscard]] bool has_resting_exit() const;

  // ---- ticks that move nothing of ours (passed_ticks.cpp) ----

  /// No order is here and nothing that we took is remembered: ticks change what the market shows,
  /// and a liquidation is all that can happen.
  [[nodiscard]] bool is_idle(ExchangeTime now) const {
    return buys_.empty() && sells_.empty() && waiting_.empty() && consumed_bid_.empty(now) &&
           consumed_ask_.empty(now);
  }
  [[nodiscard]] bool has_position() const { return account_.ledger().position() != Qty{}; }
  /// Whether the position would stand at all these marks, at any time from `begin` to `end`.
  [[nodiscard]] bool stands(Mark lowest, Mark highest, ExchangeTime begin, ExchangeTime end) const;
  [[nodiscard]] Mark mark_of(const Trade& trade) const;
  [[nodiscard]] static Mark mark_of(const Quote& quote) {
    return {quote.bid.raw() + quote.ask.raw()};
  }
  /// While idle: these have happened, and the position stood. What they show now and the mark are
  /// known; depth and the touch of the last trade are not, until they are restored.
  void pass(std::span<const Quote> quotes);
  void pass(std::span<const Trade> trades);
  /// Makes depth and the touch of the last trade anew: first this, then of trades and of quotes
  /// each what `History` holds, in order. Where trades are the touch (X21), those from the one in
  /// force on show their touches.
  void begin_restoring();
  void restore(std::span<const Quote> quotes);
  void restore(std::span<const Trade> trades);
  void restore_touches(std::span<const Trade> trades);

 private:
  /// Best price and shown size of one side of the book.
  struct Level {
    Price price{};
    Qty qty{};
  };
  /// What one who takes meets first.
  struct Offer {
    Level level;    // of the touch
    Price price{};  // what it is taken at (N4)
  };
  using Book = std::vector<Order*>;  // best price first, then by arrival

  [[nodiscard]] trading::RejectReason admit(Order& order, Price at_price, ExchangeTime now);
  [[nodiscard]] trading::RejectReason admit_form(Order& order, ExchangeTime now);
  [[nodiscard]] trading::RejectReason admit_value(Order& order, std::optional<Price> price,
                                                  ExchangeTime now);
  [[nodiscard]] trading::RejectReason cut_replacement(const Order& order, Qty& qty);
  /// Of the book side where orders of `side` rest.
  [[nodiscard]] static Level shown(const Quote& quote, Side side) {
    return side == Side::Buy ? Level{quote.bid, quote.bid_qty} : Level{quote.ask, quote.ask_qty};
  }
  [[nodiscard]] std::optional<Offer> offer_to(Side side, ExchangeTime now);
  [[nodiscard]] Price tick(ExchangeTime now) const;
  [[nodiscard]] Price impact(ExchangeTime now) const;
  [[nodiscard]] Price past(Price price, Side side, Price distance, ExchangeTime now) const;

  void take(Order& order, const Offer& offer, std::optional<Price> limit, trading::FillRule rule,
            ExchangeTime now);
  [[nodiscard]] Qty slice_of(Level far, ExchangeTime now);
  [[nodiscard]] bool can_take_all(const Order& order, const Offer& offer, ExchangeTime now);
  void serve_waiting(ExchangeTime now);
  void fill_at_open(Order& order, Price open, ExchangeTime now);
  [[nodiscard]] bool is_at_open(ExchangeTime now, ExchangeTime opened) const;
  [[nodiscard]] bool still_admits(Order& order, Price price, ExchangeTime now);
  void join(Order& order);
  void rest(Order& order);
  void serve(const Trade& trade, bool only_through, ExchangeTime now);
  /// Whether a quote of that side can matter to the queue: there is an order, or trades are
  /// remembered that it may account for (X17).
  [[nodiscard]] bool has_queue(Side side) {
    const QueueModel queue = params_.exchange.queue;
    return queue == QueueModel::Proportional ||
           (queue == QueueModel::RiskAverse && !book(side).empty());
  }
  void move_queue(Side side, const Quote& quote, ExchangeTime now);
  void fill_through(Side side, const Quote& quote, ExchangeTime now);
  void fill(Order& order, const Execution& execution);
  void cut_reduce_only(ExchangeTime now);
  void touch_from_trade(ExchangeTime now);
  [[nodiscard]] Price last_known(Side side) const;
  void judge_liquidation(ExchangeTime now);
  void liquidate(ExchangeTime now);
  void cancel_all(ExchangeTime now);
  void sweep();

  [[nodiscard]] Book& book(Side side) { return side == Side::Buy ? buys_ : sells_; }
  [[nodiscard]] Consumed& consumed(Side side) {
    return side == Side::Buy ? consumed_bid_ : consumed_ask_;
  }
  [[nodiscard]] Debt& debt(Side side) { return side == Side::Buy ? bid_debt_ : ask_debt_; }

  const EngineParams& params_;
  const Instrument& instrument_;
  Desk& desk_;
  Account& account_;
  Feed feed_;

  std::optional<Quote> quote_;       // in force
  std::optional<Price> last_close_;  // bars only
  std::optional<Price> last_open_;   // bars only, and when
  ExchangeTime last_open_at_{};
  DepthMeter depth_;
  MarketTouch touch_;
  Consumed consumed_bid_;  // what our SELLs took of the bid
  Consumed consumed_ask_;
  Debt bid_debt_;  // what SELL aggressors traded
  Debt ask_debt_;

  Book buys_;
  Book sells_;
  Book waiting_;           // MARKET orders until there is a touch (N4) or, bars only, an open
  bool has_done_ = false;  // an order in a book is done and is to be swept out
  bool liquidating_ = false;
  std::int64_t liquidations_ = 0;

  // Marks, twice, at which this position is known not to be liquidated until then: MM and Q · mark
  // are monotone in the mark, so only a worse one needs the sums.
  std::int64_t safe_from_ = 0;
  std::int64_t safe_to_ = 0;
  ExchangeTime safe_until_ = ExchangeTime::min();
};

}  // namespace toxvol::engine
