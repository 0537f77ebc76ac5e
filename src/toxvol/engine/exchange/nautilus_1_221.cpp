#include "toxvol/engine/exchange/nautilus_1_221.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::CommandKind;
using trading::CommandOutcome;
using trading::OrderType;
using trading::RejectReason;
using trading::TimeInForce;

namespace {

using Status = NautilusOrder::Status;

/// Units of 1e-8 of the last decimal of a step such as a tick.
std::int64_t unit_of(std::int64_t step) {
  std::int64_t unit = Price::kOne;
  for (int i = decimals(step); i > 0; --i) unit /= 10;
  return unit;
}

/// Whether `raw` is a multiple of a power of ten; with divisors that the compiler knows, because
/// every tick is asked four times.
template <std::int64_t kUnit = Price::kOne>
bool is_whole(std::int64_t raw, std::int64_t unit) {
  if constexpr (kUnit == 1) {
    return true;
  } else {
    return unit == kUnit ? raw % kUnit == 0 : is_whole<kUnit / 10>(raw, unit);
  }
}

/// The key has 64 bits, a price there more: it wraps every 1844.67 of price.
std::int64_t sort_key(Price price) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(price.raw()) *
                                   static_cast<std::uint64_t>(Price::kOne));
}

Qty magnitude(Qty qty) {
  return std::max(qty, -qty);
}

}  // namespace

void require_possible(const ExchangeParams& params) {
  if (params.order_latency.kind != Latency::Kind::Constant) {
    throw Error{
        "exchange.order_latency: NautilusTrader's latency is a constant; give one with profile "
        "nautilus_1_221"};
  }
}

void require_possible(const trading::Submit& submit) {
  if (submit.same_close) {
    throw Error{
        "entry.fill = same_close: NautilusTrader has no such fill; use another with profile "
        "nautilus_1_221"};
  }
}

Nautilus1221::Nautilus1221(const EngineParams& params, const Instrument& instrument,
                           NautilusJournal& journal)
    : journal_{journal},
      tick_{at(instrument.tick, params.from)},
      min_qty_{instrument.min_qty},
      price_unit_{unit_of(tick_.raw())},
      qty_unit_{unit_of(instrument.lot.raw())},
      lot_{instrument.lot},
      latency_{params.exchange.order_latency.value},
      trade_execution_{params.exchange.trade_execution} {
  require_possible(params.exchange);
}

// ---- commands ----

RejectReason Nautilus1221::check(const trading::Submit& submit, Timestamp now) {
  require_possible(submit);
  if (submit.type == OrderType::Limit &&
      (submit.price <= Price{} || submit.price.raw() % price_unit_ != 0)) {
    return RejectReason::Tick;  // its decimals only: that it is a multiple of the tick is not asked
  }
  if (submit.qty.raw() % qty_unit_ != 0) return RejectReason::Lot;
  if (submit.qty < min_qty_) return RejectReason::MinQty;
  return throttle_.admit(now) ? RejectReason::None : RejectReason::RateLimit;
}

void Nautilus1221::submit(const trading::Submit& submit, Timestamp now,
                          const std::optional<trading::Touch>& touch) {
  NautilusOrder& order = journal_.submit(submit, now, touch);
  order.sort_key = sort_key(submit.price);
  const std::size_t number = journal_.log(CommandKind::Submit, submit.id, now);
  if (const RejectReason reason = check(submit, now); reason != RejectReason::None) {
    order.record.ts_arrive = now;  // no further than the risk engine
    journal_.reject(order, reason, now);
    journal_.settle(number, CommandOutcome::Rejected, now);
    return;
  }
  in_flight_.push_back({.due = now + latency_, .number = number, .order = &order});
}

void Nautilus1221::cancel(trading::OrderId id, Timestamp now) {
  const auto cancel = journal_.cancel(id, now);
  if (!cancel) return;
  const auto [number, order] = *cancel;
  in_flight_.push_back(
      {.due = now + latency_, .number = number, .order = order, .is_cancel = true});
}

void Nautilus1221::drain(Timestamp now) {
  now_ = now;
  while (!in_flight_.empty() && in_flight_.front().due <= now) {
    const Command command = in_flight_.front();
    in_flight_.pop_front();
    NautilusOrder& order = *command.order;
    CommandOutcome outcome = CommandOutcome::Accepted;
    if (command.is_cancel) {
      if (!process_cancel(order)) outcome = CommandOutcome::TooLate;
    } else {
      order.record.ts_arrive = now;
      process_order(order);
      if (order.status == Status::Rejected) outcome = CommandOutcome::Rejected;
    }
    journal_.settle(command.number, outcome, now);
  }
}

void Nautilus1221::process_order(NautilusOrder& order) {
  const trading::Submit& submit = order.submit();
  if (submit.reduce_only) {
    const Qty position = journal_.ledger().position();
    if (submit.side == Side::Buy ? position >= Qty{} : position <= Qty{}) {
      journal_.reject(order, RejectReason::ReduceOnly, now_);
      return;
    }
  }
  if (submit.type == OrderType::Market) {
    if (submit.side == Side::Buy ? !core_.has_ask : !core_.has_bid) {
      journal_.reject(order, RejectReason::NoQuote, now_);
      return;
    }
    fill_market_order(order);
    return;
  }
  const bool is_marketable = is_limit_matched(order);
  if (submit.post_only && is_marketable) {
    journal_.reject(order, RejectReason::PostOnly, now_);
    return;
  }
  journal_.accept(order, now_);
  add(order);
  if (is_marketable) {
    fill_limit_order(order);
  } else if (submit.tif != TimeInForce::Gtc) {
    cancel_order(order);
  }
}

bool Nautilus1221::process_cancel(NautilusOrder& order) {
  if (!order.is_resting) {
    if (order.status == Status::PendingCancel) order.status = order.before_cancel;
    return false;
  }
  cancel_order(order);
  return true;
}

void Nautilus1221::cancel_order(NautilusOrder& order) {
  remove(order);
  order.matched.reset();
  journal_.cancel(order, now_);
}

void Nautilus1221::add(NautilusOrder& order) {
  order.is_resting = true;
  const bool is_buy = order.submit().side == Side::Buy;
  std::vector<NautilusOrder*>& side = is_buy ? bids_ : asks_;
  // Behind its equals: a stable sort, also in reverse.
  const auto place = std::find_if(side.begin(), side.end(), [&](const NautilusOrder* other) {
    return is_buy ? other->sort_key < order.sort_key : other->sort_key > order.sort_key;
  });
  side.insert(place, &order);
}

void Nautilus1221::remove(NautilusOrder& order) {
  if (!order.is_resting) return;
  order.is_resting = false;
  std::erase(order.submit().side == Side::Buy ? bids_ : asks_, &order);
}

// ---- market data ----

void Nautilus1221::require_grid(Price price, Qty qty, const char* what, Timestamp at) const {
  if (is_whole(price.raw(), price_unit_) && is_whole(qty.raw(), qty_unit_)) return;
  throw Error{std::string{what} + " at " + to_string(at) +
              " has more decimals than the instrument's tick and lot; NautilusTrader refuses such "
              "data: use a window with one tick"};
}

void Nautilus1221::note_mark() {
  if (bid_.present && ask_.present) {
    journal_.mark_at(Mark{bid_.price.raw() + ask_.price.raw()});
  }
}

void Nautilus1221::on(const Quote& quote) {
  require_grid(quote.bid, quote.bid_qty, "a quote", quote.ts_init);
  require_grid(quote.ask, quote.ask_qty, "a quote", quote.ts_init);
  // A size of nothing takes the side out of the book; the core keeps its old price.
  bid_ = {quote.bid, quote.bid_qty, quote.bid_qty > Qty{}};
  ask_ = {quote.ask, quote.ask_qty, quote.ask_qty > Qty{}};
  note_mark();
  iterate(quote.ts_init, true);
}

// A trade overwrites both sides of the book.
void Nautilus1221::collapse(Price price, Qty qty) {
  bid_ = ask_ = {price, qty, true};
  note_mark();
}

void Nautilus1221::on(const Trade& trade) {
  require_grid(trade.price, trade.qty, "a trade", trade.ts_init);
  collapse(trade.price, trade.qty);
  core_.set_last(trade.price);
  if (trade_execution_) {
    // A side that was never set is 0 here, and is compared all the same.
    if (trade.aggressor == Side::Buy) {
      core_.set_ask(trade.price);
      if (trade.price < core_.bid) core_.set_bid(trade.price);
    } else {
      core_.set_bid(trade.price);
      if (trade.price > core_.ask) core_.set_ask(trade.price);
    }
  }
  iterate(trade.ts_init, !trade_execution_);
}

void Nautilus1221::on(const Bar& bar) {
  for (const Price price : {bar.open, bar.high, bar.low, bar.close}) {
    require_grid(price, bar.volume, "a bar", bar.ts_init);
  }
  // Its sizes are doubles: a quarter of the volume, at least a lot, rounded to the decimals.
  const double quarter = std::max(bar.volume.to_double() / 4.0, lot_.to_double());
  const double units = std::round(quarter * (static_cast<double>(Qty::kOne / qty_unit_)));
  const Qty size = Qty::from_raw(static_cast<std::int64_t>(units) * qty_unit_);
  const auto apply = [&](Price price) {
    collapse(price, size);
    iterate(bar.ts_init, true);
    core_.set_last(price);
  };
  if (!core_.has_last || bar.open != core_.last) apply(bar.open);
  if (bar.high > core_.last) apply(bar.high);
  if (bar.low < core_.last) apply(bar.low);
  if (bar.close != core_.last) apply(bar.close);
}

void Nautilus1221::iterate(Timestamp now, bool sync) {
  now_ = now;
  if (sync && bid_.present) core_.set_bid(bid_.price);
  if (sync && ask_.present) core_.set_ask(ask_.price);
  if (!bids_.empty() || !asks_.empty()) {
    snapshot_.assign(bids_.begin(), bids_.end());
    snapshot_.insert(snapshot_.end(), asks_.begin(), asks_.end());
    for (NautilusOrder* order : snapshot_) {
      if (order->is_closed() || !is_limit_matched(*order)) continue;
      order->is_maker = true;
      fill_limit_order(*order);
    }
    // The market moves back only if an order still rests: else the core stays at the last limit
    // that was filled through, until the book is looked at again.
    if (targets_ && (!bids_.empty() || !asks_.empty())) core_ = *targets_;
  }
  targets_.reset();
}

// ---- matching ----

bool Nautilus1221::is_limit_matched(const NautilusOrder& order) const {
  const Price price = order.submit().price;
  if (order.submit().side == Side::Buy) return core_.has_ask && core_.ask <= price;
  return core_.has_bid && core_.bid >= price;
}

void Nautilus1221::fill_market_order(NautilusOrder& order) {
  order.is_maker = false;
  apply_fills(order, market_fill(order));
}

void Nautilus1221::fill_limit_order(NautilusOrder& order) {
  if (order.matched && *order.matched >= order.quantity) return;
  if (order.submit().reduce_only && journal_.ledger().position() == Qty{}) {
    cancel_order(order);
    return;
  }
  // With a bid or ask that was never known its fill model finds no market.
  apply_fills(order, core_.has_bid && core_.has_ask ? limit_fill(order) : std::nullopt);
}

std::optional<Nautilus1221::Fill> Nautilus1221::simulate(const NautilusOrder& order,
                                                         std::optional<Price> limit) const {
  const bool is_buy = order.submit().side == Side::Buy;
  const Level& level = is_buy ? ask_ : bid_;
  if (!level.present) return std::nullopt;
  if (limit && (is_buy ? level.price > *limit : level.price < *limit)) return std::nullopt;
  return Fill{level.price, std::min(level.qty, order.quantity - order.filled)};
}

std::optional<Nautilus1221::Fill> Nautilus1221::market_fill(const NautilusOrder& order) {
  if (!core_.has_bid || !core_.has_ask) return std::nullopt;
  std::optional<Fill> fill = simulate(order, std::nullopt);
  if (fill) {
    fill->price = order.submit().side == Side::Buy ? core_.ask : core_.bid;
    core_.set_last(fill->price);
  }
  return fill;
}

std::optional<Nautilus1221::Fill> Nautilus1221::limit_fill(const NautilusOrder& order) {
  const bool is_buy = order.submit().side == Side::Buy;
  const Price price = order.submit().price;
  std::optional<Fill> fill = simulate(order, price);
  if (fill && order.is_maker && (is_buy ? fill->price < price : fill->price > price)) {
    // Filled through: at the limit, to which the market is moved meanwhile.
    targets_ = core_;
    if (is_buy) {
      core_.set_ask(price);
    } else {
      core_.set_bid(price);
    }
    core_.set_last(price);
    fill->price = price;
  }
  return fill;
}

void Nautilus1221::apply_fills(NautilusOrder& order, std::optional<Fill> fill) {
  const trading::Submit& submit = order.submit();
  if (submit.tif == TimeInForce::Fok &&
      order.quantity - order.filled > (fill ? fill->qty : Qty{})) {
    cancel_order(order);
    return;
  }
  if (!fill) {
    if (order.status == Status::Submitted) {
      journal_.reject(order, RejectReason::NoQuote, now_);
    }
    return;
  }
  // Reduce-only holds for this fill alone: the remainder below may turn the position.
  const Qty position = magnitude(journal_.ledger().position());
  if (submit.reduce_only && fill->qty > position) {
    if (position < order.filled) {
      // Its unsigned remainder would be negative: NautilusTrader's process aborts.
      throw Error{"orders: O-" + std::to_string(static_cast<std::int64_t>(submit.id)) +
                  " is reduce-only and would be cut to less than it has filled, where "
                  "NautilusTrader 1.221 aborts; use a smaller order or profile realistic"};
    }
    fill->qty = order.quantity = position;
  }
  fill_order(order, fill->price, fill->qty);
  if (!order.is_open()) return;
  if (submit.tif == TimeInForce::Ioc) {
    cancel_order(order);
    return;
  }
  Price rest = worse(submit.side, fill->price);
  if (submit.type == OrderType::Limit) {
    const Price far = submit.side == Side::Buy ? core_.ask : core_.bid;
    if (!targets_ && submit.price == far) return;  // rests at the touch
    if (order.is_maker) rest = submit.price;
  }
  fill_order(order, rest, order.quantity - order.filled);
}

void Nautilus1221::fill_order(NautilusOrder& order, Price price, Qty qty) {
  const Qty matched = order.matched.value_or(Qty{});
  qty = std::min(qty, order.quantity - matched);
  order.matched = matched + qty;
  if (qty <= Qty{}) return;
  journal_.fill(order, price, qty, now_);
  if (order.submit().type == OrderType::Limit && order.is_closed()) {
    remove(order);
    order.matched.reset();
  }
}

}  // namespace toxvol::engine
