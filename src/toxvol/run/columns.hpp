#pragma once

#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

/// The columns of each table of a run folder, once for schema, writer, reader and docs/schemas.md.
/// A visitor has
///   column(name, member, about)       type and nullability are the member's
///   text(name, member, code, about)   written as `code` says
///   computed(name, get, set, about)   get(record) is written, set(record, value) reads it back
/// A member is what `std::invoke` takes with a record.
namespace toxvol::run {

struct About {
  std::string_view meaning;
  std::string_view unit{};   // where the type does not say it
  std::string_view group{};  // of factors: docs/factors/<group>.md
};

/// A member of a member.
template <class Outer, class Inner>
constexpr auto in(Outer outer, Inner inner) {
  return [outer, inner](auto& record) -> auto& {
    return std::invoke(inner, std::invoke(outer, record));
  };
}

/// A number with a letter: `O-12`.
struct Numbered {
  std::string_view prefix;

  template <class Id>
  [[nodiscard]] std::string text(Id id) const {
    return std::string{prefix} + std::to_string(static_cast<std::int64_t>(id));
  }
  template <class Id>
  [[nodiscard]] bool parse(std::string_view text, Id& id) const {
    if (!text.starts_with(prefix)) return false;
    const char* end = text.data() + text.size();
    std::int64_t number = 0;
    const auto [stop, fault] = std::from_chars(text.data() + prefix.size(), end, number);
    id = static_cast<Id>(number);
    return fault == std::errc{} && stop == end;
  }
  [[nodiscard]] std::vector<std::string> words() const { return {text(1), "…"}; }
};
inline constexpr Numbered kOrderId{"O-"};
inline constexpr Numbered kPositionId{"P-"};

struct Sides {
  std::string_view buy, sell;

  [[nodiscard]] std::string_view text(Side side) const { return side == Side::Buy ? buy : sell; }
  [[nodiscard]] bool parse(std::string_view text, Side& side) const {
    side = text == buy ? Side::Buy : Side::Sell;
    return text == buy || text == sell;
  }
  [[nodiscard]] std::vector<std::string> words() const {
    return {std::string{buy}, std::string{sell}};
  }
};
inline constexpr Sides kBuySell{"buy", "sell"};
inline constexpr Sides kLongShort{"long", "short"};

/// For columns that say nothing which the record has not said already.
inline constexpr auto kNotRead = [](auto& /*record*/, const auto& /*value*/) {};

/// realised − fees + funding. Throws `Error` where it does not fit.
[[nodiscard]] Money net(const trading::PositionRecord& position);

/// The nearest decimal: of a mid of quoted prices that is the mid itself, below 9e7. Throws `Error`
/// naming `column`.
[[nodiscard]] std::optional<Price> nearest_decimal(const std::optional<double>& value,
                                                   std::string_view column);

/// Of the factor row that `row` finds in a record.
template <class Visitor, class Row>
void factor_columns(Visitor& v, Row row) {
  using factors::FactorRow;
  v.column("ts", in(row, &FactorRow::ts), {"the bar's end"});
  v.column("ts_init", in(row, &FactorRow::ts_init), {"when it can be known"});
  v.column("close", in(row, &FactorRow::close), {"of the bar"});
  v.column("bid", in(row, &FactorRow::bid),
           {"of the last quote before `ts_init`; null where that is overdue"});
  v.column("ask", in(row, &FactorRow::ask), {"the same"});
  v.column("quote_age_s", in(row, &FactorRow::quote_age_s),
           {"that quote's age at the bar's end, overdue or not", "s"});
  for (const factors::Column& factor : factors::kColumns) {
    v.column(factor.name, in(row, factor), {factor.meaning, factor.unit, factor.group});
  }
  const auto regime = in(row, in(&FactorRow::crowding, &factors::Crowding::Values::regime));
  v.computed("f3",
             [regime](const auto& record) {
               const std::optional<Regime>& is = regime(record);
               return is ? std::optional{static_cast<std::int8_t>(*is)} : std::nullopt;
             },
             kNotRead,
             {"F3: −1 crowded long, 0 neutral, +1 crowded short; null while a part of C is overdue",
              {},
              "crowding"});
  v.column("toxic", in(row, in(&FactorRow::gated, &factors::Gated::toxic)),
           {"`t` ≥ `tau_t`; null while one of them is unknown", {}, "toxicity"});
  v.column("regime", regime, {"`f3` as a word", {}, "regime"});
  v.column(
      "mode", in(row, &FactorRow::mode),
      {"`full`, or what the inputs lack: `klines` `no_quotes` `no_metrics` `no_funding` joined "
       "by `+`"});
}

template <class Visitor>
void columns(std::type_identity<factors::FactorRow>, Visitor& v) {
  factor_columns(v, std::identity{});
}

template <class Visitor>
void columns(std::type_identity<strategy::DecisionRow>, Visitor& v) {
  using strategy::DecisionRow;
  factor_columns(v, &DecisionRow::factors);
  v.computed(
      "decides", [](const DecisionRow& row) { return row.decides; },
      [](DecisionRow& row, bool decides) { row.decides = row.factors.decides = decides; },
      {"a cadence boundary"});
  v.column("alpha", &DecisionRow::alpha, {"of the signal before guards, costs and position"});
  v.computed(
      "direction",
      [](const DecisionRow& row) {
        return row.direction ? std::optional{static_cast<std::int8_t>(*row.direction)}
                             : std::nullopt;
      },
      [](DecisionRow& row, const std::optional<std::int8_t>& direction) {
        row.direction = direction;
      },
      {"of that signal: +1 −1"});
  v.column("position", &DecisionRow::position, {"signed, before the decision"});
  v.column("reason", &DecisionRow::reason, {"what acted on the minute, or forbade to"});
}

template <class Visitor>
void columns(std::type_identity<trading::OrderRecord>, Visitor& v) {
  using trading::Intent;
  using trading::OrderRecord;
  using trading::Submit;
  const auto submit = [](auto member) { return in(&OrderRecord::submit, member); };
  const auto intent = [&](auto member) { return submit(in(&Submit::intent, member)); };
  v.text("order_id", submit(&Submit::id), kOrderId, {"in the order of `ts_submit`"});
  v.text("position_id", &OrderRecord::position, kPositionId,
         {"the position that its fills made or changed"});
  v.column("role", intent(&Intent::role), {"why it was sent"});
  v.column("alpha", intent(&Intent::alpha), {"of the signal behind it"});
  v.text("side", submit(&Submit::side), kBuySell, {});
  v.column("type", submit(&Submit::type), {});
  v.column("tif", submit(&Submit::tif), {"time in force"});
  v.column("post_only", submit(&Submit::post_only), {});
  v.column("reduce_only", submit(&Submit::reduce_only), {});
  v.computed(
      "price",
      [](const OrderRecord& order) {
        return order.submit.type == trading::OrderType::Limit ? std::optional{order.submit.price}
                                                              : std::nullopt;
      },
      [](OrderRecord& order, const std::optional<Price>& price) {
        order.submit.price = price.value_or(Price{});
      },
      {"LIMIT only"});
  v.column("qty", submit(&Submit::qty), {"as submitted"});
  v.column("filled_qty", &OrderRecord::filled_qty, {});
  v.column("avg_price", &OrderRecord::avg_price, {"⌊Σp·q/Σq⌋ of its fills"});
  v.computed(
      "ts_decision",
      [](const OrderRecord& order) {
        return order.submit.intent.ts_decision.value_or(order.ts_submit);
      },
      [](OrderRecord& order, Timestamp ts) { order.submit.intent.ts_decision = ts; },
      {"the decision row's `ts` for entries, else `ts_submit`"});
  v.column("ts_submit", &OrderRecord::ts_submit, {"when the strategy sent it"});
  v.column("ts_arrive", &OrderRecord::ts_arrive, {"when it reached the exchange"});
  v.column("ts_accepted", &OrderRecord::ts_accepted, {"null for a rejected one"});
  v.column("ts_done", &OrderRecord::ts_done,
           {"null while open; of a rejected one the arrival, but for a MARKET that waited for a "
            "price (N4)"});
  v.column("status", &OrderRecord::status, {"how it ended"});
  v.column("reject_reason", &OrderRecord::reject_reason,
           {"why not; `rate_limit` in the parity profile alone"});
  v.text("replaces", submit(&Submit::replaces), kOrderId, {"the order that it stands for"});
  v.column("trigger_kind", intent(&Intent::trigger_kind),
           {"what a stop or take-profit saw before it was sent"});
  v.column("trigger_price", intent(&Intent::trigger_price), {"at which price"});
  v.column("trigger_ts", intent(&Intent::trigger_ts), {"and when"});
  v.column("bid", &OrderRecord::bid,
           {"last seen at `ts_submit`; null if nothing seen is young enough "
            "([engine.md](engine.md#the-touch-and-its-age))"});
  v.column("ask", &OrderRecord::ask, {"the same"});
  v.column("queue_ahead", &OrderRecord::queue_ahead,
           {"when it began to rest; null if never or unknown"});
  v.column("cap", intent(&Intent::cap),
           {"what limited the size of an entry of the strategy; null for every other order"});
  v.column("qty_uncapped", intent(&Intent::qty_uncapped),
           {"the size of that entry without the limits, in whole lots"});
}

template <class Visitor>
void columns(std::type_identity<trading::CommandRecord>, Visitor& v) {
  using trading::CommandRecord;
  v.column("seq", &CommandRecord::seq, {});
  v.column("ts_sent", &CommandRecord::ts_sent, {});
  v.column("ts_arrive", &CommandRecord::ts_arrive, {"at the exchange; null if it never did"});
  v.column("kind", &CommandRecord::kind, {});
  v.text("order_id", &CommandRecord::order, kOrderId, {});
  v.column("outcome", &CommandRecord::outcome, {});
}

template <class Visitor>
void columns(std::type_identity<trading::FillRecord>, Visitor& v) {
  using trading::FillRecord;
  v.column("fill_id", &FillRecord::fill_id, {"from 1"});
  v.text("order_id", &FillRecord::order, kOrderId, {});
  v.text("position_id", &FillRecord::position, kPositionId, {"of a flip: the new position"});
  v.column("ts", &FillRecord::ts, {"at the exchange"});
  v.column("ts_init", &FillRecord::ts_init, {"when the strategy learns of it"});
  v.text("side", &FillRecord::side, kBuySell, {});
  v.column("liquidity", &FillRecord::liquidity, {});
  v.column("price", &FillRecord::price, {});
  v.column("qty", &FillRecord::qty, {});
  v.column("fee", &FillRecord::fee, {"paid"});
  v.column("mid_decision", &FillRecord::mid_decision,
           {"(`bid` + `ask`)/2 of its order", "quote/base"});
  v.column("mid_fill", &FillRecord::mid_fill,
           {"(bid + ask)/2 of the quote in force at the fill", "quote/base"});
  v.column("slippage", &FillRecord::slippage,
           {"side · (price − `mid_decision`) · qty, from the integers of bid and ask"});
  v.column("position_after", &FillRecord::position_after, {"signed"});
  v.column("balance_after", &FillRecord::balance_after,
           {"of the wallet, without what is unrealised"});
  v.column("equity_after", &FillRecord::equity_after, {"with it"});
  v.column("rule", &FillRecord::rule, {"of [engine.md](engine.md); null in the parity profile"});
  v.column("cause", &FillRecord::cause, {"update_id or agg_trade_id; null for takes"});
}

template <class Visitor>
void columns(std::type_identity<trading::PositionRecord>, Visitor& v) {
  using trading::PositionRecord;
  v.text("position_id", &PositionRecord::position, kPositionId, {});
  v.column("alpha", &PositionRecord::alpha, {"of the order that opened it"});
  v.text("side", &PositionRecord::side, kLongShort, {});
  v.column("regime_open", &PositionRecord::regime_open, {"at the entry's decision"});
  v.column("exit_role", &PositionRecord::exit_role, {"of the order that closed it"});
  v.column("ts_open", &PositionRecord::ts_open, {});
  v.column("ts_close", &PositionRecord::ts_close, {"null while open"});
  v.column("qty_max", &PositionRecord::qty_max, {"the largest size that it had"});
  v.column("avg_entry", &PositionRecord::avg_entry, {"floored like `avg_price` of orders"});
  v.column("avg_exit", &PositionRecord::avg_exit, {"the same"});
  v.column("stop", &PositionRecord::stop, {});
  v.column("take_profit", &PositionRecord::take_profit, {});
  v.column("n_fills", &PositionRecord::n_fills, {"rows of fills.parquet that name it"});
  v.column("realised", &PositionRecord::realised, {"of price only"});
  v.column("fees", &PositionRecord::fees, {"paid"});
  v.column("funding", &PositionRecord::funding, {"received if positive"});
  v.column("slippage", &PositionRecord::slippage, {"null if that of a fill is"});
  v.computed("net", net, kNotRead, {"`realised` − `fees` + `funding`"});
  v.column("mae_bp", &PositionRecord::mae_bp,
           {"furthest mark against it over equity rows and fills", "bp of `avg_entry`"});
  v.column("mfe_bp", &PositionRecord::mfe_bp, {"furthest mark for it", "bp of `avg_entry`"});
  v.column("sigma_open", &PositionRecord::sigma_open,
           {"`sigma` at the entry's decision", "per √minute"});
  v.column("funding_tailwind", &PositionRecord::funding_tailwind,
           {"the last published rate would be received by this side"});
}

template <class Visitor>
void columns(std::type_identity<trading::EquityRecord>, Visitor& v) {
  using trading::EquityRecord;
  v.column("seq", &EquityRecord::seq, {});
  v.column("ts", &EquityRecord::ts, {});
  v.column("cause", &EquityRecord::cause, {"what made the row"});
  v.computed(
      "mark", [](const EquityRecord& row) { return nearest_decimal(row.mark, "mark"); },
      [](EquityRecord& row, const std::optional<Price>& mark) {
        row.mark = mark ? std::optional{mark->to_double()} : std::nullopt;
      },
      {"(bid + ask)/2; null before any"});
  v.column("position", &EquityRecord::position, {"signed"});
  v.column("realised", &EquityRecord::realised, {"of price only, cumulative"});
  v.column("fees", &EquityRecord::fees, {"paid, cumulative"});
  v.column("funding", &EquityRecord::funding, {"received if positive, cumulative"});
  v.column("unrealised", &EquityRecord::unrealised, {"of the open position at the mark"});
  v.column("insurance", &EquityRecord::insurance,
           {"credited by the insurance fund after liquidations, cumulative"});
  v.column("equity", &EquityRecord::equity, {"wallet and `unrealised`"});
  v.column("margin", &EquityRecord::margin, {"isolated for the open position"});
  v.column("drawdown", &EquityRecord::drawdown, {"≤ 0", "fraction of the highest equity so far"});
}

}  // namespace toxvol::run
