#include "toxvol/trading/enums.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace toxvol::trading {

namespace {

template <std::size_t N, class Enum>
std::string_view pick(const std::array<std::string_view, N>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view name(Role value) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "entry", "stop",  "take_profit", "time_stop", "opposite",
      "flip",  "guard", "liquidation", "script"};
  return pick(kNames, value);
}

std::string_view name(Alpha value) {
  static constexpr std::array<std::string_view, 3> kNames = {"", "a", "b"};
  return pick(kNames, value);
}

std::string_view name(OrderType value) {
  static constexpr std::array<std::string_view, 2> kNames = {"market", "limit"};
  return pick(kNames, value);
}

std::string_view name(TimeInForce value) {
  static constexpr std::array<std::string_view, 3> kNames = {"gtc", "ioc", "fok"};
  return pick(kNames, value);
}

std::string_view name(OrderStatus value) {
  static constexpr std::array<std::string_view, 4> kNames = {"open", "filled", "canceled",
                                                             "rejected"};
  return pick(kNames, value);
}

std::string_view name(RejectReason value) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "",       "tick",    "lot",       "min_qty",  "reduce_only", "no_quote", "min_notional",
      "margin", "bracket", "post_only", "replaced", "rate_limit"};
  return pick(kNames, value);
}

std::string_view name(TriggerKind value) {
  static constexpr std::array<std::string_view, 5> kNames = {"", "bid", "ask", "trade", "time"};
  return pick(kNames, value);
}

std::string_view name(CommandKind value) {
  static constexpr std::array<std::string_view, 2> kNames = {"submit", "cancel"};
  return pick(kNames, value);
}

std::string_view name(CommandOutcome value) {
  static constexpr std::array<std::string_view, 4> kNames = {"never", "accepted", "rejected",
                                                             "too_late"};
  return pick(kNames, value);
}

std::string_view name(Liquidity value) {
  static constexpr std::array<std::string_view, 2> kNames = {"maker", "taker"};
  return pick(kNames, value);
}

std::string_view name(Regime value) {
  static constexpr std::array<std::string_view, 3> kNames = {"crowded_long", "neutral",
                                                             "crowded_short"};
  return kNames.at(static_cast<std::size_t>(static_cast<int>(value) + 1));
}

std::string_view name(FillRule value) {
  static constexpr std::array<std::string_view, 9> kNames = {"",    "X6",  "X9",  "X12", "X13",
                                                             "X16", "X22", "X24", "LIQ"};
  return pick(kNames, value);
}

std::string_view name(EquityCause value) {
  static constexpr std::array<std::string_view, 6> kNames = {"start",   "minute",      "fill",
                                                             "funding", "liquidation", "end"};
  return pick(kNames, value);
}

std::string_view name(Cap value) {
  static constexpr std::array<std::string_view, 4> kNames = {"none", "max_leverage", "max_notional",
                                                             "max_qty"};
  return pick(kNames, value);
}

std::string_view name(Reason value) {
  static constexpr std::array<std::string_view, 20> kNames = {
      "not_boundary",  "no_quotes",   "no_metrics",  "no_funding",  "warmup",      "disabled",
      "gap",           "stale_quote", "daily_loss",  "in_position", "regime_exit", "not_compressed",
      "weak_pressure", "toxic",       "unconfirmed", "spread",      "cap",         "min_notional",
      "enter_long",    "enter_short"};
  return pick(kNames, value);
}

}  // namespace toxvol::trading
