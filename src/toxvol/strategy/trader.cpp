#include "toxvol/strategy/trader.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/params_check.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/strategy/sizing.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using factors::FactorRow;
using trading::Command;
using trading::FillSeen;
using trading::OrderId;
using trading::OrderSeen;
using trading::OrderType;
using trading::QuoteSeen;
using trading::Reason;
using trading::Role;
using trading::RowSeen;
using trading::Submit;
using trading::TradeSeen;

// A settlement is published within a second of calc_time; fills older than this precede it.
constexpr Duration kFillMemory = std::chrono::minutes{5};

Side side_of(int direction) {
  return direction > 0 ? Side::Buy : Side::Sell;
}

}  // namespace

Trader::Trader(Setup setup)
    : setup_{std::move(setup)},
      account_{setup_.params.equity_usdt, setup_.params.costs.funding,
               setup_.params.factors.data.funding_delay} {
  refuse_any(check(setup_.params));
  // An unknown tier stops the run here, not at its first order.
  static_cast<void>(fee_rates(setup_.instrument, setup_.params.costs, setup_.from));
  orders_.reserve(8);
  plan_.exit = setup_.params.exit;
}

void Trader::adopt(const StrategyParams& params, std::optional<Regime> regime, bool enters) {
  refuse_any(check(params));
  setup_.params = params;
  setup_.enters = enters;
  awaits_regime_ = !regime;
  if (regime) refer_to(*regime);
}

void Trader::refer_to(Regime regime) {
  regime_ref_ = regime;
  flip_to_ = regime;
  plan_.regime = regime;
}

// --- Data -----------------------------------------------------------------------------------

std::optional<Verdict> Trader::on(const RowSeen& seen, const FactorRow& row,
                                  std::vector<Command>& out) {
  if (judgement_ != nullptr) *judgement_ = {};
  see_gap(row);
  if (awaits_regime_ && row.crowding.regime) {
    refer_to(*row.crowding.regime);
    awaits_regime_ = false;
  }
  toxic_ = !setup_.own && row.gated.toxic.value_or(false);
  if (seen.touch) account_.mark(seen.touch->bid, seen.touch->ask);
  account_.book_funding(seen.ts_seen);
  account_.forget_before(seen.ts_seen - kFillMemory);
  roll_day(seen.ts_seen);
  judge_loss(seen.ts_seen);
  if (row.ts - kMinute < setup_.from) return std::nullopt;

  std::vector<Step>* const told = judgement_ != nullptr ? &judgement_->signal : nullptr;
  Verdict verdict{.position = account_.position()};
  verdict.signal = setup_.own ? setup_.own->at(row, verdict.position, judgement_)
                              : signal(row, setup_.params, told);
  Datum datum{.ts_seen = seen.ts_seen, .ts_event = row.ts, .row = &row};
  if (seen.touch) {
    datum.bid = seen.touch->bid;
    datum.ask = seen.touch->ask;
  }
  const auto left = act(datum, out);
  const std::optional<int>& direction = verdict.signal.direction;
  verdict.reason =
      direction ? judge(seen, row, verdict.signal, side_of(*direction), left == Role::Flip, out)
                : verdict.signal.reason;
  refresh_wake();
  return verdict;
}

void Trader::on(const QuoteSeen& seen, std::vector<Command>& out) {
  act({.ts_seen = seen.ts_seen,
       .ts_event = seen.touch.ts_event,
       .bid = seen.touch.bid,
       .ask = seen.touch.ask},
      out);
  refresh_wake();
}

void Trader::on(const TradeSeen& seen, std::vector<Command>& out) {
  act({.ts_seen = seen.ts_seen, .ts_event = seen.trade.ts_event, .trade = seen.trade.price}, out);
  refresh_wake();
}

void Trader::on(const trading::FundingSeen& seen) {
  account_.on(seen.funding);
}

// --- Order events ---------------------------------------------------------------------------

void Trader::on(const OrderSeen& seen) {
  const auto order = std::ranges::find(orders_, seen.id, &Working::id);
  if (order == orders_.end()) return;
  if (seen.what == OrderSeen::What::Accepted) {
    order->accepted = true;
  } else {
    forget(seen.id);
  }
  refresh_wake();
}

void Trader::on(const FillSeen& seen) {
  account_.book_funding(seen.ts_seen);
  roll_day(seen.ts_seen);
  const Qty before = account_.position();
  account_.on(seen);

  const auto order = std::ranges::find(orders_, seen.id, &Working::id);
  const bool known = order != orders_.end();
  const bool of_entry = known && order->role == Role::Entry;
  // After a reduction the rest of the position belongs to the new regime.
  if (known && order->role == Role::Flip) regime_ref_ = flip_to_;
  if (known) {
    order->filled += seen.qty;
    if (seen.order_done) forget(seen.id);
  }
  if (!known && !seen.liquidation) unexpected_ = true;
  position_changed(before, seen);
  if (of_entry && !unexpected_) set_levels(seen.ts_event);
  judge_loss(seen.ts_seen);
  refresh_wake();
}

void Trader::position_changed(Qty before, const FillSeen& seen) {
  const Qty after = account_.position();
  if (after == Qty{}) {
    stop_.reset();
    take_profit_.reset();
    unexpected_ = false;
    return;
  }
  const bool opens = before == Qty{} || (before > Qty{}) != (after > Qty{});
  if (opens) {
    opened_ = seen.ts_event;
    if (has_plan_) regime_ref_ = plan_.regime.value_or(Regime::Neutral);
  }
  if (!has_plan_ || (plan_.side == Side::Buy) != is_long()) unexpected_ = true;
  if (unexpected_) {
    stop_.reset();
    take_profit_.reset();
  }
}

void Trader::forget(OrderId id) {
  const auto order = std::ranges::find(orders_, id, &Working::id);
  // X19: what the replaced order filled is cut off the order that replaces it.
  for (Working& other : orders_) {
    if (other.replaces == id) other.qty -= order->filled;
  }
  orders_.erase(order);
}

// --- Entering -------------------------------------------------------------------------------

Reason Trader::judge(const RowSeen& seen, const FactorRow& row, const Signal& signal, Side side,
                     bool flip_sent, std::vector<Command>& out) {
  Asked ask{judgement_ != nullptr ? &judgement_->guards : nullptr};
  if (!ask_guards(seen, row, flip_sent, ask) || !seen.touch) return ask.reason();

  const StrategyParams& params = setup_.params;
  const trading::Touch& touch = *seen.touch;
  const bool rests = params.entry.order != EntryOrder::Market;
  const std::int64_t spread = spread_ticks(touch.bid, touch.ask, row.ts);
  if (rests && !ask({.question = "resting",
                     .otherwise = Reason::Toxic,
                     .holds = !toxic_,
                     .factor = "nothing rests while the flow is toxic"})) {
    return ask.reason();
  }
  if (rests && has_ticks() &&
      !ask({.question = "spread",
            .otherwise = Reason::Spread,
            .holds = spread >= params.entry.min_spread_ticks,
            .factor = "spread in ticks",
            .value = static_cast<double>(spread),
            .relation = ">=",
            .limit = "entry.min_spread_ticks",
            .threshold = static_cast<double>(params.entry.min_spread_ticks)})) {
    return ask.reason();
  }

  const bool at_bid = rests == (side == Side::Buy);
  const Price price = at_bid ? touch.bid : touch.ask;
  const SizeInputs inputs{.equity = account_.equity().to_double(),
                          .price = price,
                          .spread_ticks = spread,
                          .fees = fee_rates(setup_.instrument, params.costs, seen.ts_seen),
                          .ts = seen.ts_seen,
                          .own_size = signal.own_size};
  const Size size = size_entry(row, inputs, setup_.instrument, params);
  if (judgement_ != nullptr) {
    judgement_->inputs = inputs;
    judgement_->size = size;
  }
  ask({.question = "size",
       .otherwise = size.reason,
       .holds = size.qty != Qty{},
       .factor = "size",
       .value = size.qty.to_double()});
  if (ask.refused()) return ask.reason();

  has_plan_ = true;
  plan_ = Plan{.intent = {.role = Role::Entry,
                          .alpha = signal.alpha,
                          .regime = row.crowding.regime,
                          .sigma = row.volatility.sigma,
                          .ts_decision = row.ts,
                          .cap = size.cap,
                          .qty_uncapped = size.uncapped},
               .exit = params.exit,
               .regime = row.crowding.regime,
               .side = side,
               .reprice_at = seen.ts_seen + patience(params.entry.reprice_after),
               .give_up_at = seen.ts_seen + patience(params.entry.give_up_after),
               .post_only = params.entry.order == EntryOrder::PostOnly};
  submit({.side = side,
          .type = rests ? OrderType::Limit : OrderType::Market,
          .post_only = plan_.post_only,
          .price = rests ? price : Price{},
          .qty = size.qty,
          .same_close = !rests && params.entry.fill == EntryFill::SameClose,
          .intent = plan_.intent},
         out);
  return signal.reason;
}

bool Trader::is_withdrawn(const FactorRow& row) const {
  if (setup_.own) return setup_.own->leaves(sign(plan_.side));
  return row.crowding.regime != plan_.regime;  // also where it is not known any more
}

void Trader::manage_entry(const Datum& datum, std::vector<Command>& out) {
  const auto order = std::ranges::find_if(orders_, [](const Working& working) {
    return working.role == Role::Entry && may_stay(working) && !working.cancel_sent;
  });
  if (order == orders_.end()) return;
  if (datum.ts_seen >= plan_.give_up_at || loss_blocks(datum.ts_seen) || toxic_ ||
      (datum.row != nullptr && is_withdrawn(*datum.row))) {
    cancel(*order, out);
    return;
  }
  if (order->type == OrderType::Market) return;
  if (!order->accepted || datum.ts_seen < plan_.reprice_at) return;
  if (order->qty <= Qty{}) {  // a venue without X19 took it, though the one before had filled
    cancel(*order, out);
    return;
  }
  const std::optional<Price> touch = plan_.side == Side::Buy ? datum.bid : datum.ask;
  if (!touch || *touch == order->price) {
    plan_.watch_quotes = true;
    return;
  }
  if (has_ticks() && datum.bid && datum.ask &&
      spread_ticks(*datum.bid, *datum.ask, datum.ts_event) < setup_.params.entry.min_spread_ticks) {
    cancel(*order, out);
    return;
  }
  const Submit next{.side = plan_.side,
                    .type = OrderType::Limit,
                    .post_only = plan_.post_only,
                    .price = *touch,
                    .qty = order->qty,  // the exchange cuts it by what this order filled (X19)
                    .replaces = order->id,
                    .intent = plan_.intent};
  cancel(*order, out);
  submit(next, out);
  plan_.reprice_at = datum.ts_seen + patience(setup_.params.entry.reprice_after);
  plan_.watch_quotes = false;
}

// --- Orders ---------------------------------------------------------------------------------

void Trader::track(Submit& order) {
  order.id = OrderId{next_id_++};
  orders_.push_back({.id = order.id,
                     .role = order.intent.role,
                     .type = order.type,
                     .price = order.price,
                     .qty = order.qty,
                     .replaces = order.replaces});
}

void Trader::submit(Submit order, std::vector<Command>& out) {
  track(order);
  out.emplace_back(order);
}

void Trader::cancel(Working& order, std::vector<Command>& out) {
  order.cancel_sent = true;
  out.emplace_back(trading::Cancel{.id = order.id});
}

void Trader::cancel_all(Role role, std::vector<Command>& out) {
  for (Working& order : orders_) {
    if (order.role == role && may_stay(order) && !order.cancel_sent) {
      cancel(order, out);
    }
  }
}

bool Trader::exit_in_flight() const {
  return std::ranges::any_of(orders_, [](const Working& order) {
    return order.role != Role::Entry && order.type == OrderType::Market;
  });
}

const Trader::Working* Trader::entry() const {
  const auto order = std::ranges::find_if(orders_, [](const Working& working) {
    return working.role == Role::Entry && !working.cancel_sent;
  });
  return order == orders_.end() ? nullptr : &*order;
}

const Trader::Working* Trader::target() const {
  const auto order = std::ranges::find_if(orders_, [](const Working& working) {
    return working.role == Role::TakeProfit && working.type == OrderType::Limit &&
           !working.cancel_sent;
  });
  return order == orders_.end() ? nullptr : &*order;
}

// --- Levels and waking ----------------------------------------------------------------------

void Trader::set_levels(Timestamp ts) {
  const auto levels =
      exit_levels(plan_.side, account_.average(), held(plan_.intent.sigma), tick(ts), plan_.exit);
  stop_ = levels.stop;
  take_profit_ = levels.take_profit;
}

Qty Trader::size_of_position() const {
  const Qty position = account_.position();
  return position < Qty{} ? -position : position;
}

void Trader::refresh_wake() {
  wake_ = {};
  const auto wake_at = [&](Timestamp ts) { wake_.at = wake_.at ? std::min(*wake_.at, ts) : ts; };
  if (account_.position() != Qty{} && !exit_in_flight()) {
    if (stop_) {
      (is_long() ? wake_.bid_at_most : wake_.ask_at_least) = stop_;
      (is_long() ? wake_.trade_at_most : wake_.trade_at_least) = stop_;
    }
    if (take_profit_ && watches_target()) {
      (is_long() ? wake_.bid_at_least : wake_.ask_at_most) = take_profit_;
    }
    wake_at(opened_ + plan_.exit.max_hold);
    // Something is to be sent at the next datum, whichever that is: a time that has passed.
    if (unexpected_ || (loss_day_ && loss_day_ == day_) || target_due()) wake_at(opened_);
  }
  const Working* working = entry();
  if (working == nullptr || !may_stay(*working)) return;
  wake_at(plan_.give_up_at);
  if (working->type == OrderType::Market || !working->accepted) return;
  if (!plan_.watch_quotes) wake_at(plan_.reprice_at);
  wake_.every_quote = plan_.watch_quotes;
}

}  // namespace toxvol::strategy
