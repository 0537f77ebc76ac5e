// Trader: when and how it leaves a position.
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

using factors::FactorRow;
using trading::Command;
using trading::OrderType;
using trading::Role;
using trading::Submit;
using trading::TriggerKind;

std::optional<Role> Trader::act(const Datum& datum, std::vector<Command>& out) {
  if (datum.ts_seen < setup_.from) return std::nullopt;  // whatever we hold, nothing trades yet
  std::optional<Role> left;
  if (account_.position() != Qty{} && !exit_in_flight()) {
    if (const auto exit = exit_due(datum)) {
      cancel_all(Role::Entry, out);
      cancel_all(Role::TakeProfit, out);
      submit({.side = is_long() ? Side::Sell : Side::Buy,
              .type = OrderType::Market,
              .reduce_only = true,
              .qty = exit->qty,
              .intent = exit->intent},
             out);
      left = exit->intent.role;
      if (left == Role::Flip) flip_to_ = datum.row->crowding.regime.value_or(flip_to_);
    } else {
      manage_target(out);
    }
  }
  manage_entry(datum, out);
  return left;
}

std::optional<Trader::Exit> Trader::exit_due(const Datum& datum) const {
  if (unexpected_ || loss_blocks(datum.ts_seen)) {
    return Exit{.intent = {.role = Role::Guard}, .qty = size_of_position()};
  }
  auto exit = datum.row != nullptr ? row_exit(*datum.row) : level_hit(datum);
  return exit ? exit : time_up(datum);
}

/// X20: of a stop and a target in one event, the stop.
std::optional<Trader::Exit> Trader::level_hit(const Datum& datum) const {
  if (!stop_ || !take_profit_) return std::nullopt;
  const auto leave = [&](Role role, TriggerKind kind, Price price) {
    return Exit{.intent = {.role = role,
                           .trigger_kind = kind,
                           .trigger_price = price,
                           .trigger_ts = datum.ts_event},
                .qty = size_of_position()};
  };
  const auto beyond = [&](Price price, Price level) {  // at the level or worse for us
    return is_long() ? price <= level : price >= level;
  };
  const std::optional<Price> near = is_long() ? datum.bid : datum.ask;
  const TriggerKind near_kind = is_long() ? TriggerKind::Bid : TriggerKind::Ask;
  if (near && beyond(*near, *stop_)) return leave(Role::Stop, near_kind, *near);
  if (datum.trade && beyond(*datum.trade, *stop_)) {
    return leave(Role::Stop, TriggerKind::Trade, *datum.trade);
  }
  if (watches_target() && near && (is_long() ? *near >= *take_profit_ : *near <= *take_profit_)) {
    return leave(Role::TakeProfit, near_kind, *near);
  }
  return std::nullopt;
}

std::optional<Trader::Exit> Trader::row_exit(const FactorRow& row) const {
  if (setup_.own && setup_.own->leaves(is_long() ? 1 : -1)) {
    return Exit{.intent = {.role = Role::Opposite}, .qty = size_of_position()};
  }
  // E19: a flip flattens or reduces, it never reverses; an unknown regime is none.
  if (!setup_.own && row.crowding.regime && row.crowding.regime != regime_ref_) {
    const Qty size = size_of_position();
    const std::int64_t lot = setup_.instrument.lot.raw();
    const double lots = static_cast<double>(size.raw()) / static_cast<double>(lot);
    const auto kept =
        static_cast<std::int64_t>(std::floor(lots * setup_.params.guards.on_flip_keep + 1e-9));
    return Exit{.intent = {.role = Role::Flip}, .qty = size - Qty::from_raw(kept * lot)};
  }
  // M27: pressure as strong as an entry asks for, against the position.
  if (plan_.exit.opposite_pressure && row.decides && row.pressure.p && row.thresholds.q_p) {
    const double along = is_long() ? *row.pressure.p : -*row.pressure.p;
    if (along < 0.0 && -along >= *row.thresholds.q_p) {
      return Exit{.intent = {.role = Role::Opposite}, .qty = size_of_position()};
    }
  }
  return std::nullopt;
}

std::optional<Trader::Exit> Trader::time_up(const Datum& datum) const {
  const Timestamp deadline = opened_ + plan_.exit.max_hold;
  if (datum.ts_seen < deadline) return std::nullopt;
  return Exit{
      .intent = {.role = Role::TimeStop, .trigger_kind = TriggerKind::Time, .trigger_ts = deadline},
      .qty = size_of_position()};
}

Submit Trader::exit_on_bar(Role role, Price trigger, Timestamp ts) {
  TOXVOL_ASSERT(account_.position() != Qty{});
  Submit order{.side = is_long() ? Side::Sell : Side::Buy,
               .type = OrderType::Market,
               .reduce_only = true,
               .qty = size_of_position(),
               .intent = {.role = role,
                          .trigger_kind = TriggerKind::Trade,
                          .trigger_price = trigger,
                          .trigger_ts = ts}};
  track(order);
  refresh_wake();
  return order;
}

/// Whether the target is left at with a MARKET order: as configured, or because nothing may rest.
bool Trader::watches_target() const {
  return plan_.exit.tp_order == TakeProfitOrder::Market || toxic_;
}

/// `tp_order = "limit"`: one resting order for the whole position at the target, whose price it is
/// where the order is to be sent. Bars only: the engine watches the target (X22).
std::optional<Price> Trader::target_due() const {
  if (watches_target() || !has_ticks()) return std::nullopt;
  const Working* resting = target();
  // A fill that moves the target also makes the position larger.
  const bool is_whole = resting != nullptr && resting->qty - resting->filled >= size_of_position();
  return is_whole ? std::nullopt : take_profit_;
}

void Trader::manage_target(std::vector<Command>& out) {
  if (toxic_) cancel_all(Role::TakeProfit, out);
  const std::optional<Price> price = target_due();
  if (!price) return;
  cancel_all(Role::TakeProfit, out);
  submit({.side = is_long() ? Side::Sell : Side::Buy,
          .type = OrderType::Limit,
          .reduce_only = true,
          .price = *price,
          .qty = size_of_position(),
          .intent = {.role = Role::TakeProfit}},
         out);
}

}  // namespace toxvol::strategy
