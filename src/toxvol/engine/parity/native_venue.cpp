#include "toxvol/engine/parity/native_venue.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/params_check.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

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

}  // namespace

void require_possible(const ExchangeParams& params) {
  refuse_any(check(params));
}

void require_possible(const trading::Submit& submit, Profile profile) {
  if (submit.same_close) {
    throw Error{
        "entry.fill = same_close: NautilusTrader has no such fill; use another with profile " +
        std::string{name(profile)}};
  }
}

NativeVenue::NativeVenue(const EngineParams& params, const Instrument& instrument,
                         Bookkeeper& bookkeeper, const Rules& rules)
    : bookkeeper_{bookkeeper},
      rules_{rules},
      profile_{params.exchange.profile},
      tick_{at(instrument.tick, params.from)},
      min_qty_{instrument.min_qty},
      price_unit_{unit_of(tick_.raw())},
      qty_unit_{unit_of(instrument.lot.raw())},
      lot_{instrument.lot},
      latency_{params.exchange.order_latency.value},
      trade_execution_{params.exchange.trade_execution},
      throttle_{rules.timers_settle_the_venue} {
  require_possible(params.exchange);
}

// ---- commands ----

RejectReason NativeVenue::check(const trading::Submit& submit, Timestamp now) {
  require_possible(submit, profile_);
  if (submit.type == OrderType::Limit &&
      (submit.price <= Price{} || submit.price.raw() % price_unit_ != 0)) {
    return RejectReason::Tick;  // its decimals only: that it is a multiple of the tick is not asked
  }
  if (submit.qty.raw() % qty_unit_ != 0) return RejectReason::Lot;
  if (submit.qty < min_qty_) return RejectReason::MinQty;
  return throttle_.admit(now) ? RejectReason::None : RejectReason::RateLimit;
}

void NativeVenue::submit(const trading::Submit& submit, Timestamp now,
                         const std::optional<trading::Touch>& touch) {
  NautilusOrder& order = bookkeeper_.submit(submit, now, touch);
  order.sort_key = sort_key(submit.price);
  const std::size_t number = bookkeeper_.log(CommandKind::Submit, submit.id, now);
  if (const RejectReason reason = check(submit, now); reason != RejectReason::None) {
    order.record.ts_arrive = now;  // no further than the risk engine
    bookkeeper_.reject(order, reason, now);
    bookkeeper_.settle(number, CommandOutcome::Rejected, now);
    return;
  }
  in_flight_.push_back({.due = now + latency_, .number = number, .order = &order});
}

void NativeVenue::cancel(trading::OrderId id, Timestamp now) {
  const auto cancel = bookkeeper_.cancel(id, now);
  if (!cancel) return;
  const auto [number, order] = *cancel;
  in_flight_.push_back(
      {.due = now + latency_, .number = number, .order = order, .is_cancel = true});
}

void NativeVenue::process(Timestamp now) {
  while (!in_flight_.empty() && in_flight_.front().due <= now) {
    drain(now);
    if (!rules_.rematches_after_commands) return;
    follow_book();
    match();
  }
}

void NativeVenue::drain(Timestamp now) {
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
    bookkeeper_.settle(command.number, outcome, now);
  }
}

void NativeVenue::process_order(NautilusOrder& order) {
  const trading::Submit& submit = order.submit();
  if (submit.reduce_only) {
    const Qty position = bookkeeper_.ledger().position();
    if (submit.side == Side::Buy ? position >= Qty{} : position <= Qty{}) {
      bookkeeper_.reject(order, RejectReason::ReduceOnly, now_);
      return;
    }
  }
  if (submit.type == OrderType::Market) {
    if (submit.side == Side::Buy ? !core_.has_ask : !core_.has_bid) {
      bookkeeper_.reject(order, RejectReason::NoQuote, now_);
      return;
    }
    fill_market_order(order);
    return;
  }
  const bool is_marketable = is_limit_matched(order);
  if (submit.post_only && is_marketable) {
    bookkeeper_.reject(order, RejectReason::PostOnly, now_);
    return;
  }
  bookkeeper_.accept(order, now_);
  add(order);
  if (is_marketable) {
    fill_limit_order(order);
  } else if (submit.tif != TimeInForce::Gtc) {
    cancel_order(order);
  }
}

bool NativeVenue::process_cancel(NautilusOrder& order) {
  if (!order.is_resting) {
    if (order.status == Status::PendingCancel) order.status = order.before_cancel;
    return false;
  }
  cancel_order(order);
  return true;
}

void NativeVenue::cancel_order(NautilusOrder& order) {
  remove(order);
  order.matched.reset();
  bookkeeper_.cancel(order, now_);
}

void NativeVenue::add(NautilusOrder& order) {
  order.is_resting = true;
  const bool is_buy = order.submit().side == Side::Buy;
  std::vector<NautilusOrder*>& side = is_buy ? bids_ : asks_;
  // Behind its equals: a stable sort, also in reverse.
  const auto place = std::find_if(side.begin(), side.end(), [&](const NautilusOrder* other) {
    return is_buy ? other->sort_key < order.sort_key : other->sort_key > order.sort_key;
  });
  side.insert(place, &order);
}

void NativeVenue::remove(NautilusOrder& order) {
  if (!order.is_resting) return;
  order.is_resting = false;
  std::erase(order.submit().side == Side::Buy ? bids_ : asks_, &order);
}

// ---- market data ----

void NativeVenue::require_grid(Price price, Qty qty, const char* what, Timestamp at) const {
  if (is_whole(price.raw(), price_unit_) && is_whole(qty.raw(), qty_unit_)) return;
  throw Error{std::string{what} + " at " + to_string(at) +
              " has more decimals than the instrument's tick and lot; NautilusTrader refuses such "
              "data: use a window with one tick"};
}

void NativeVenue::on(const Quote& quote) {
  require_grid(quote.bid, quote.bid_qty, "a quote", quote.ts_init);
  require_grid(quote.ask, quote.ask_qty, "a quote", quote.ts_init);
  // A size of nothing takes the side out of the book; the core keeps its old price.
  bid_ = {quote.bid, quote.bid_qty, quote.bid_qty > Qty{}};
  ask_ = {quote.ask, quote.ask_qty, quote.ask_qty > Qty{}};
  if (is_sound(quote)) bookkeeper_.books().mark_at(Mark{quote.bid.raw() + quote.ask.raw()});
  quote_ = quote;
  now_ = quote.ts_init;
  follow_book();
  match();
}

// A trade overwrites both sides of the book.
void NativeVenue::collapse(Price price, Qty qty) {
  bid_ = ask_ = {price, qty, true};
  bookkeeper_.books().mark_at(Mark{2 * price.raw()});
}

void NativeVenue::follow_book() {
  if (bid_.present) core_.set_bid(bid_.price);
  if (ask_.present) core_.set_ask(ask_.price);
}

void NativeVenue::on(const Trade& trade) {
  require_grid(trade.price, trade.qty, "a trade", trade.ts_init);
  collapse(trade.price, trade.qty);
  core_.set_last(trade.price);
  now_ = trade.ts_init;
  if (!trade_execution_) {
    follow_book();
    if (!rules_.plain_trades_fill_nothing) match();
    return;
  }
  if (rules_.trades_move_both_sides) {
    move_both_sides(trade);
  } else {
    move_one_side(trade);
  }
  if (rules_.trades_fill_their_size) met_ = trade.qty;
  match();
  met_.reset();
  if (!rules_.quote_outlasts_a_trade || !quote_) return;
  if (trade.aggressor == Side::Buy) {
    core_.set_bid(quote_->bid);
  } else {
    core_.set_ask(quote_->ask);
  }
}

// 1.221. A side that was never set is 0 here, and is compared all the same.
void NativeVenue::move_one_side(const Trade& trade) {
  if (trade.aggressor == Side::Buy) {
    core_.set_ask(trade.price);
    if (trade.price < core_.bid) core_.set_bid(trade.price);
  } else {
    core_.set_bid(trade.price);
    if (trade.price > core_.ask) core_.set_ask(trade.price);
  }
}

// 1.231. A buyer raises both sides to his price, a seller lowers them.
void NativeVenue::move_both_sides(const Trade& trade) {
  const bool is_buy = trade.aggressor == Side::Buy;
  const auto is_beyond = [&](Price side) {
    return is_buy ? trade.price > side : trade.price < side;
  };
  if (!core_.has_bid || is_beyond(core_.bid)) core_.set_bid(trade.price);
  if (!core_.has_ask || is_beyond(core_.ask)) core_.set_ask(trade.price);
}

void NativeVenue::on(const Bar& bar) {
  for (const Price price : {bar.open, bar.high, bar.low, bar.close}) {
    require_grid(price, bar.volume, "a bar", bar.ts_init);
  }
  now_ = bar.ts_init;
  const auto [quarter, last] = bar_sizes(bar.volume);
  const auto apply = [&](Price price, Qty size) {
    collapse(price, size);
    follow_book();
    match();
    core_.set_last(price);
  };
  if (!core_.has_last || bar.open != core_.last) apply(bar.open, quarter);
  if (bar.high > core_.last) apply(bar.high, quarter);
  if (bar.low < core_.last) apply(bar.low, quarter);
  if (bar.close != core_.last) apply(bar.close, last);
}

/// Of open, high and low, and of the close; each at least a lot.
std::pair<Qty, Qty> NativeVenue::bar_sizes(Qty volume) const {
  if (!rules_.bars_are_cut_to_lots) {
    // Doubles: a quarter of the volume, rounded to the decimals.
    const double quarter = std::max(volume.to_double() / 4.0, lot_.to_double());
    const std::int64_t units_of_one = Qty::kOne / qty_unit_;
    const double units = std::round(quarter * static_cast<double>(units_of_one));
    const Qty size = Qty::from_raw(static_cast<std::int64_t>(units) * qty_unit_);
    return {size, size};
  }
  const std::int64_t lot = lot_.raw();
  const auto whole_lots = [lot](std::int64_t raw) { return std::max(raw / lot * lot, lot); };
  const std::int64_t quarter = whole_lots(volume.raw() / 4);
  return {Qty::from_raw(quarter), Qty::from_raw(whole_lots(volume.raw() - 3 * quarter))};
}

}  // namespace toxvol::engine
