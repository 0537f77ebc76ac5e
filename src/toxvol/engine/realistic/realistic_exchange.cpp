#include "toxvol/engine/realistic/realistic_exchange.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/consumed.hpp"
#include "toxvol/engine/realistic/desk.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::FillRule;
using trading::Liquidity;
using trading::OrderType;
using trading::TimeInForce;

namespace {

/// Whether `price` is better for an order of `side` than `other`: a BUY wants to stand higher.
bool is_before(Side side, Price price, Price other) {
  return side == Side::Buy ? price > other : price < other;
}

}  // namespace

RealisticExchange::RealisticExchange(const EngineParams& params, const Instrument& instrument,
                                     Desk& desk, Account& account)
    : params_{params},
      instrument_{instrument},
      desk_{desk},
      account_{account},
      feed_{feed_of(params.inputs)},
      touch_{instrument.tick, instrument.lot, params.exchange.max_touch_age} {}

Price RealisticExchange::tick(ExchangeTime now) const {
  return at(instrument_.tick, now);
}

Price RealisticExchange::impact(ExchangeTime now) const {
  return Price::from_raw(narrow_or_throw(
      Int128{params_.exchange.impact_ticks_per_level} * tick(now).raw(), "an impact"));
}

// `distance` worse than `price` for one who takes; a SELL never falls below one tick.
Price RealisticExchange::past(Price price, Side side, Price distance, ExchangeTime now) const {
  return side == Side::Buy ? price + distance : std::max(price - distance, tick(now));
}

// Without the mean a momentarily thin touch would make an order walk a thousand levels. (A lot is
// the least that anyone can show; a liquidation may meet a touch that shows nothing.)
Qty RealisticExchange::slice_of(Level far, ExchangeTime now) {
  return std::max({far.qty, depth_.mean(now, instrument_.lot), instrument_.lot});
}

std::optional<RealisticExchange::Offer> RealisticExchange::offer_to(Side side, ExchangeTime now) {
  const std::optional<Quote> touch = touch_.at(now);
  if (!touch) return std::nullopt;
  const Level level = shown(*touch, opposite(side));
  return Offer{.level = level, .price = touch_.taken_at(side, level.price)};
}

// ---- commands ----

bool RealisticExchange::arrive(Order& order, ExchangeTime now) {
  const trading::Submit& submit = order.record.submit;
  const bool is_market = submit.type == OrderType::Market;
  const std::optional<Offer> offer = offer_to(order.side, now);

  trading::RejectReason reason = admit_form(order, now);
  // N4: without a touch there is no price to judge a MARKET order by either.
  const bool waits = is_market && !offer && feed_ != Feed::Bars;
  if (reason == trading::RejectReason::None && !waits) {
    std::optional<Price> price = order.price;
    if (is_market) price = offer ? std::optional{offer->level.price} : last_close_;
    reason = admit_value(order, price, now);
  }
  if (reason != trading::RejectReason::None) {
    desk_.reject(order, reason, now);
    return false;
  }
  desk_.accept(order, now);

  if (is_market) {
    if (offer) {
      take(order, *offer, std::nullopt, FillRule::X6, now);
      check_liquidation(now);
    } else if (last_open_ && is_at_open(now, last_open_at_)) {
      fill_at_open(order, *last_open_, now);  // N6
    } else {
      waiting_.push_back(&order);  // bars only: until the next open (X22)
    }
    sweep();
    return true;
  }

  const bool is_marketable = offer && !is_before(order.side, offer->price, order.price);
  if (submit.tif == TimeInForce::Fok && !(is_marketable && can_take_all(order, *offer, now))) {
    desk_.cancel(order, now);  // X9
    return true;
  }
  if (is_marketable) {
    const std::int64_t liquidations = liquidations_;
    take(order, *offer, order.price, FillRule::X9, now);
    check_liquidation(now);
    // A liquidation cancels all, also what is left of the order that brought it about.
    if (liquidations != liquidations_ && order.working) desk_.cancel(order, now);
  }
  if (order.working) {
    if (submit.tif != TimeInForce::Gtc) {
      desk_.cancel(order, now);
    } else if (is_marketable) {
      order.ahead = Qty{};  // X9: what is left stands first at its price
      order.ahead_known = true;
      rest(order);
    } else {
      join(order);
      rest(order);
    }
  }
  sweep();
  return true;
}

bool RealisticExchange::cancel(Order* order, ExchangeTime now) {
  if (order == nullptr || !order->working) return false;  // X19: too late
  desk_.cancel(*order, now);
  has_done_ = true;
  sweep();
  return true;
}

// X10.
void RealisticExchange::join(Order& order) {
  order.ahead = Qty{};
  order.ahead_known = true;
  if (params_.exchange.queue == QueueModel::Optimistic) return;  // X18: also below the bid
  if (!quote_) {
    order.ahead_known = false;  // X5
    return;
  }
  const Level best = shown(*quote_, order.side);
  if (order.price == best.price) {
    order.ahead = best.qty;
  } else {
    order.ahead_known = is_before(order.side, order.price, best.price);
  }
}

void RealisticExchange::rest(Order& order) {
  if (order.ahead_known) order.record.queue_ahead = order.ahead;
  Book& orders = book(order.side);
  const auto place = std::find_if(orders.begin(), orders.end(), [&](const Order* other) {
    return is_before(order.side, order.price, other->price);
  });
  orders.insert(place, &order);
}

// ---- taking ----

// X6, X9: the touch, then slices; `limit` ends them.
void RealisticExchange::take(Order& order, const Offer& offer, std::optional<Price> limit,
                             FillRule rule, ExchangeTime now) {
  const Level far = offer.level;
  Consumed& used = consumed(opposite(order.side));

  const Qty free = far.qty - std::min(far.qty, used.at(far.price, now));
  if (free > Qty{}) {
    const Qty qty = std::min(order.remaining, free);
    used.take(far.price, qty, now);
    fill(order, {.at = now, .price = offer.price, .qty = qty, .rule = rule});
  }
  if (!order.working) return;

  const Qty slice = slice_of(far, now);
  const Price step = impact(now);
  Price price = offer.price;
  while (order.working) {
    price = past(price, order.side, step, now);
    if (limit && is_before(order.side, price, *limit)) return;
    const Qty qty = std::min(order.remaining, slice);
    fill(order, {.at = now, .price = price, .qty = qty, .rule = rule});
  }
}

// X9: whether X6 up to the limit price fills all of it.
bool RealisticExchange::can_take_all(const Order& order, const Offer& offer, ExchangeTime now) {
  const Level far = offer.level;
  const Qty used = consumed(opposite(order.side)).at(far.price, now);
  const Qty free = far.qty - std::min(far.qty, used);
  const Price step = impact(now);
  const std::int64_t room = sign(order.side) * (order.price - offer.price).raw();
  if (step == Price{}) return true;  // slices at the touch, without end
  const Qty slice = slice_of(far, now);
  return Int128{free.raw()} + Int128{slice.raw()} * (room / step.raw()) >= order.remaining.raw();
}

// N4: by arrival, once there is a touch.
void RealisticExchange::serve_waiting(ExchangeTime now) {
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Order& order = *waiting_[i];
    if (!order.working) continue;
    const std::optional<Offer> offer = offer_to(order.side, now);
    if (!offer) return;
    if (!still_admits(order, offer->level.price, now)) continue;
    take(order, *offer, std::nullopt, FillRule::X6, now);
    check_liquidation(now);
  }
}

// An order that waited has a price: what of X4 needs one is asked now. False: rejected.
bool RealisticExchange::still_admits(Order& order, Price price, ExchangeTime now) {
  const trading::RejectReason reason = admit_value(order, price, now);
  if (reason == trading::RejectReason::None) return true;
  desk_.reject(order, reason, now);
  has_done_ = true;
  return false;
}

void RealisticExchange::fill(Order& order, const Execution& execution) {
  const Ledger& ledger = account_.ledger();
  const Qty before = ledger.position();
  account_.fill(order, execution);
  safe_until_ = ExchangeTime::min();
  if (!order.working) has_done_ = true;
  const bool shrank = order.side == Side::Buy ? before < Qty{} : before > Qty{};
  if (shrank) cut_reduce_only(execution.at);
}

// X4: a resting reduce-only order never exceeds what is left of the position.
void RealisticExchange::cut_reduce_only(ExchangeTime now) {
  const Qty position = account_.ledger().position();
  for (Book* orders : {&buys_, &sells_, &waiting_}) {
    for (Order* order : *orders) {
      if (!order->working || !order->reduce_only) continue;
      const Qty left = std::max(Qty{}, order->side == Side::Buy ? -position : position);
      if (order->remaining <= left) continue;
      order->remaining = left;
      if (left == Qty{}) {
        desk_.cancel(*order, now);
        has_done_ = true;
      }
    }
  }
}

// ---- market data ----

void RealisticExchange::on(const Trade& trade, ExchangeTime now) {
  if (feed_ == Feed::Quotes && params_.exchange.queue == QueueModel::Proportional) {  // X17
    debt(opposite(trade.aggressor)).add(trade.price, trade.qty, now);
  }
  serve(trade, feed_ == Feed::Trades, now);
  touch_.on(trade);
  account_.mark_at(touch_.trade_mark());
  if (touch_.is_of_trade(now)) touch_from_trade(now);
  sweep();
}

// X21, N4: the trade is the touch.
void RealisticExchange::touch_from_trade(ExchangeTime now) {
  // Its sizes take a while to work out, and are rarely asked for where there are quotes.
  if (feed_ == Feed::Trades || !consumed_bid_.empty(now) || !consumed_ask_.empty(now)) {
    if (const std::optional<Quote> touch = touch_.at(now)) {
      consumed_bid_.on_row(touch->bid, touch->bid_qty, now);
      consumed_ask_.on_row(touch->ask, touch->ask_qty, now);
      if (feed_ == Feed::Trades) {
        depth_.on(now, touch->bid_qty + touch->ask_qty);
        quote_ = touch;
      }
    }
  }
  check_liquidation(now);
  serve_waiting(now);
}

// X11–X14. `only_through`: X13 alone.
void RealisticExchange::serve(const Trade& trade, bool only_through, ExchangeTime now) {
  const Side side = opposite(trade.aggressor);
  Book& orders = book(side);
  Qty left = trade.qty;  // not yet given to own orders
  for (std::size_t i = 0; i < orders.size(); ++i) {
    Order& order = *orders[i];
    if (!order.working) continue;
    if (is_before(side, trade.price, order.price)) break;  // X14, and so for all that follow
    Qty served = left;
    FillRule rule = FillRule::X13;
    if (order.price == trade.price) {
      if (only_through) break;
      if (!order.ahead_known) continue;  // X12
      served = std::min(left, trade.qty - std::min(trade.qty, order.ahead));
      order.ahead -= std::min(order.ahead, trade.qty);
      rule = FillRule::X12;
    } else {
      order.ahead = Qty{};  // X13, also when nothing is left for it
      order.ahead_known = true;
    }
    const Qty qty = std::min(order.remaining, served);
    if (qty == Qty{}) continue;
    left -= qty;
    fill(order, {.at = now,
                 .price = order.price,
                 .qty = qty,
                 .liquidity = Liquidity::Maker,
                 .rule = rule,
                 .cause = trade.agg_trade_id,
                 .cause_kind = Delivery::Trade});
    check_liquidation(now);
  }
}

// "One quote row".
void RealisticExchange::on(const Quote& quote, ExchangeTime now) {
  if (feed_ != Feed::Quotes) return;
  consumed_bid_.on_row(quote.bid, quote.bid_qty, now);  // X7
  consumed_ask_.on_row(quote.ask, quote.ask_qty, now);
  depth_.on(now, quote.bid_qty + quote.ask_qty);
  // X15 to X18: a side that shows nothing new changes nothing.
  const bool is_new_bid = !quote_ || quote_->bid != quote.bid || quote_->bid_qty != quote.bid_qty;
  const bool is_new_ask = !quote_ || quote_->ask != quote.ask || quote_->ask_qty != quote.ask_qty;
  if (is_new_bid && has_queue(Side::Buy)) move_queue(Side::Buy, quote, now);
  if (is_new_ask && has_queue(Side::Sell)) move_queue(Side::Sell, quote, now);
  quote_ = quote;
  touch_.on(quote);
  account_.mark_at(Mark{quote.bid.raw() + quote.ask.raw()});
  if (is_new_ask && !buys_.empty()) fill_through(Side::Buy, quote, now);
  if (is_new_bid && !sells_.empty()) fill_through(Side::Sell, quote, now);
  check_liquidation(now);
  if (!waiting_.empty()) serve_waiting(now);
  sweep();
}

// X17/X18, then X15, of one side; `quote_` is still the row before.
void RealisticExchange::move_queue(Side side, const Quote& quote, ExchangeTime now) {
  const Level level = shown(quote, side);
  Qty cancelled{};
  Qty base{};
  if (params_.exchange.queue == QueueModel::Proportional && quote_) {
    const Level before = shown(*quote_, side);
    // A level that returns has no row just before, so no cancellation either.
    if (before.price == level.price && level.qty < before.qty) {
      const Qty decrease = before.qty - level.qty;
      const Qty repaid = debt(side).repay(level.price, decrease, now);
      cancelled = decrease - repaid;
      base = before.qty - repaid;
    }
  }
  for (Order* order : book(side)) {
    if (order->price == level.price) {
      if (order->ahead_known && cancelled > Qty{} && base > Qty{}) {  // X18
        const auto moved =
            static_cast<std::int64_t>(Int128{cancelled.raw()} * order->ahead.raw() / base.raw());
        const Qty whole = Qty::from_raw(moved - moved % instrument_.lot.raw());
        order->ahead -= std::min(order->ahead, whole);
      }
      order->ahead = order->ahead_known ? std::min(order->ahead, level.qty) : level.qty;  // X15
      order->ahead_known = true;
    } else if (is_before(side, order->price, level.price)) {
      order->ahead = Qty{};
      order->ahead_known = true;
    }  // deeper than the best price: frozen
  }
}

// X16, of the own orders of `side`.
void RealisticExchange::fill_through(Side side, const Quote& quote, ExchangeTime now) {
  const Side far_side = opposite(side);
  const Level far = shown(quote, far_side);
  Book& orders = book(side);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    Order& order = *orders[i];
    if (!order.working) continue;
    if (is_before(side, far.price, order.price)) break;
    const Qty free = far.qty - std::min(far.qty, consumed(far_side).at(far.price, now));
    const Qty qty = std::min(order.remaining, free);
    if (qty <= Qty{}) break;
    consumed(far_side).take(far.price, qty, now);
    fill(order, {.at = now,
                 .price = order.price,
                 .qty = qty,
                 .liquidity = Liquidity::Maker,
                 .rule = FillRule::X16,
                 .cause = quote.update_id,
                 .cause_kind = Delivery::Quote});
    check_liquidation(now);
  }
}

// ---- books ----

void RealisticExchange::sweep() {
  if (!has_done_) return;
  for (Book* orders : {&buys_, &sells_, &waiting_}) {
    std::erase_if(*orders, [](const Order* order) { return !order->working; });
  }
  has_done_ = false;
}

bool RealisticExchange::has_resting_exit() const {
  const Book& orders = account_.ledger().position() > Qty{} ? sells_ : buys_;
  return std::any_of(orders.begin(), orders.end(),
                     [](const Order* order) { return order->working && order->reduce_only; });
}

}  // namespace toxvol::engine
