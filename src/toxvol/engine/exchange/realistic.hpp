#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/account.hpp"
#include "toxvol/engine/desk.hpp"
#include "toxvol/engine/exchange/consumed.hpp"
#include "toxvol/engine/exchange/debt.hpp"
#include "toxvol/engine/exchange/depth_meter.hpp"
#include "toxvol/engine/exchange/market_touch.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

/// What fills the orders of a run (G4).
enum class Feed : std::uint8_t { Quotes, Trades, Bars };

[[nodiscard]] Feed feed_of(const Inputs& inputs);

/// The exchange of the realistic profile: admission, taking, resting, queues, liquidation. The
/// caller hands it commands, trades and quotes in the order of X2, all times in whole milliseconds
/// since the epoch. Every rule: docs/engine.md.
class RealisticExchange {
 public:
  RealisticExchange(const EngineParams& params, const Instrument& instrument, Desk& desk,
                    Account& account);

  /// A submit arrives; false: rejected.
  bool arrive(Order& order, std::int64_t ms);
  /// A cancel arrives; false: too late.
  bool cancel(Order* order, std::int64_t ms);
  void on(const Trade& trade, std::int64_t ms);
  void on(const Quote& quote, std::int64_t ms);
  /// A bar's open, at its first millisecond: bars only (X22), and where nothing else has a price
  /// for the orders that wait (N4).
  void on_open(const Bar& bar, std::int64_t ms);
  /// Bars only: the close marks from here on.
  void mark_close(const Bar& bar);
  /// Bars only: what rests is judged against the bar that ends now.
  void on_close(const Bar& bar, std::int64_t ms);
  /// After a payment.
  void check_liquidation(std::int64_t ms);

  /// X24: at `close`, at once. False: rejected.
  bool fill_same_close(Order& order, Price close, std::int64_t ms);
  /// Bars only: the price at which the position's stop or target was reached inside `bar`, if it
  /// was.
  [[nodiscard]] std::optional<Price> stop_price(const Bar& bar, Price stop) const;
  [[nodiscard]] std::optional<Price> target_price(const Bar& bar, Price target) const;
  /// Fills the exit there: a MARKET order less impact, a LIMIT order as maker. False: rejected.
  bool fill_on_bar(Order& order, Price price, std::int64_t ms);

  /// A MARKET order is accepted and has no price yet.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }
  /// Whether a working reduce-only LIMIT order would take the position's profit.
  [[nodiscard]] bool has_resting_exit() const;
  /// No order works and nothing is consumed: data can change nothing but the market itself.
  [[nodiscard]] bool is_quiescent(std::int64_t ms) const;

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

  [[nodiscard]] trading::RejectReason admit(Order& order, Price at_price, std::int64_t ms);
  [[nodiscard]] trading::RejectReason admit_form(Order& order, std::int64_t ms);
  [[nodiscard]] trading::RejectReason admit_value(Order& order, std::optional<Price> price,
                                                  std::int64_t ms);
  [[nodiscard]] trading::RejectReason cut_replacement(const Order& order, Qty& qty);
  [[nodiscard]] Level shown(Side side) const;  // of the book side where orders of `side` rest
  [[nodiscard]] std::optional<Offer> offer_to(Side side, std::int64_t ms);
  [[nodiscard]] Price tick(std::int64_t ms) const;
  [[nodiscard]] Price impact(std::int64_t ms) const;
  [[nodiscard]] Price past(Price price, Side side, Price distance, std::int64_t ms) const;

  void take(Order& order, const Offer& offer, std::optional<Price> limit, trading::FillRule rule,
            std::int64_t ms);
  [[nodiscard]] Qty slice_of(Level far, std::int64_t ms);
  [[nodiscard]] bool can_take_all(const Order& order, const Offer& offer, std::int64_t ms);
  void serve_waiting(std::int64_t ms);
  void fill_at_open(Order& order, Price open, std::int64_t ms);
  [[nodiscard]] bool is_at_open(std::int64_t ms, std::int64_t open_ms) const;
  [[nodiscard]] bool still_admits(Order& order, Price price, std::int64_t ms);
  void join(Order& order);
  void rest(Order& order);
  void serve(const Trade& trade, bool only_through, std::int64_t ms);
  void move_queue(Side side, const Quote& quote, std::int64_t ms);
  void fill_through(Side side, std::int64_t ms);
  void fill(Order& order, const Execution& execution);
  void cut_reduce_only(std::int64_t ms);
  void touch_from_trade(std::int64_t ms);
  [[nodiscard]] Price last_known(Side side) const;
  void liquidate(std::int64_t ms);
  void cancel_all(std::int64_t ms);
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
  std::optional<Quote> previous_;    // the row before it
  std::optional<Price> last_close_;  // bars only
  std::optional<Price> last_open_;   // bars only, and when
  std::int64_t last_open_ms_ = 0;
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

  // Worst mark, twice, at which this position is known not to be liquidated: MM and Q · mark are
  // monotone in the mark, so only a worse one needs the sums.
  std::optional<std::int64_t> safe_;
  const std::vector<Bracket>* safe_brackets_ = nullptr;
};

}  // namespace toxvol::engine
