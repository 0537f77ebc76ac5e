#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/regime.hpp"

namespace toxvol::trading {

/// The fixed vocabularies of the run folder: the enumerators, and in the same order the words that
/// its files hold ("" is null there). `kCount`, `name` and `parse` come from the words.
template <class Enum>
inline constexpr std::array<std::string_view, 0> kWords{};
template <class... Word>
constexpr std::array<std::string_view, sizeof...(Word)> words(Word... word) {
  return {word...};
}

enum class Role : std::uint8_t {
  Entry,
  Stop,
  TakeProfit,
  TimeStop,
  Opposite,
  Flip,
  Guard,
  Liquidation,
  Script
};
template <>
inline constexpr auto kWords<Role> = words("entry", "stop", "take_profit", "time_stop", "opposite",
                                           "flip", "guard", "liquidation", "script");

enum class Alpha : std::uint8_t { None, A, B, Signal };
template <>
inline constexpr auto kWords<Alpha> = words("", "a", "b", "signal");

enum class OrderType : std::uint8_t { Market, Limit };
template <>
inline constexpr auto kWords<OrderType> = words("market", "limit");

enum class TimeInForce : std::uint8_t { Gtc, Ioc, Fok };
template <>
inline constexpr auto kWords<TimeInForce> = words("gtc", "ioc", "fok");

enum class OrderStatus : std::uint8_t { Open, Filled, Canceled, Rejected };
template <>
inline constexpr auto kWords<OrderStatus> = words("open", "filled", "canceled", "rejected");

enum class RejectReason : std::uint8_t {
  None,
  Tick,
  Lot,
  MinQty,
  ReduceOnly,
  NoQuote,
  MinNotional,
  Margin,
  Bracket,
  PostOnly,
  Replaced,
  RateLimit  // parity profile only
};
template <>
inline constexpr auto kWords<RejectReason> =
    words("", "tick", "lot", "min_qty", "reduce_only", "no_quote", "min_notional", "margin",
          "bracket", "post_only", "replaced", "rate_limit");

enum class TriggerKind : std::uint8_t { None, Bid, Ask, Trade, Time };
template <>
inline constexpr auto kWords<TriggerKind> = words("", "bid", "ask", "trade", "time");

enum class CommandKind : std::uint8_t { Submit, Cancel };
template <>
inline constexpr auto kWords<CommandKind> = words("submit", "cancel");

enum class CommandOutcome : std::uint8_t { Never, Accepted, Rejected, TooLate };
template <>
inline constexpr auto kWords<CommandOutcome> = words("never", "accepted", "rejected", "too_late");

enum class Liquidity : std::uint8_t { Maker, Taker };
template <>
inline constexpr auto kWords<Liquidity> = words("maker", "taker");

template <>
inline constexpr auto kWords<Regime> = words("crowded_long", "neutral", "crowded_short");

enum class FillRule : std::uint8_t { None, X6, X9, X12, X13, X16, X22, X24, Liq };
template <>
inline constexpr auto kWords<FillRule> =
    words("", "X6", "X9", "X12", "X13", "X16", "X22", "X24", "LIQ");

enum class EquityCause : std::uint8_t { Start, Minute, Fill, Funding, Liquidation, End };
template <>
inline constexpr auto kWords<EquityCause> =
    words("start", "minute", "fill", "funding", "liquidation", "end");

enum class Cap : std::uint8_t { None, MaxLeverage, MaxNotional, MaxQty };
template <>
inline constexpr auto kWords<Cap> = words("none", "max_leverage", "max_notional", "max_qty");

enum class Reason : std::uint8_t {
  NotBoundary,
  NoQuotes,
  NoMetrics,
  NoFunding,
  Warmup,
  Disabled,
  Gap,
  StaleQuote,
  DailyLoss,
  InPosition,
  RegimeExit,
  NotCompressed,
  WeakPressure,
  Toxic,
  Unconfirmed,
  NoSignal,
  Spread,
  Cap,
  MinNotional,
  EnterLong,
  EnterShort
};
template <>
inline constexpr auto kWords<Reason> =
    words("not_boundary", "no_quotes", "no_metrics", "no_funding", "warmup", "disabled", "gap",
          "stale_quote", "daily_loss", "in_position", "regime_exit", "not_compressed",
          "weak_pressure", "toxic", "unconfirmed", "no_signal", "spread", "cap", "min_notional",
          "enter_long", "enter_short");

template <class Enum>
concept Vocabulary = !kWords<Enum>.empty();

template <Vocabulary Enum>
inline constexpr std::size_t kCount = kWords<Enum>.size();

/// The value of the first enumerator.
template <Vocabulary Enum>
inline constexpr int kFirst = 0;
template <>
inline constexpr int kFirst<Regime> = static_cast<int>(Regime::CrowdedLong);

/// The place of `value` among the words, from 0.
template <Vocabulary Enum>
[[nodiscard]] constexpr std::size_t index_of(Enum value) {
  return static_cast<std::size_t>(static_cast<int>(value) - kFirst<Enum>);
}

template <Vocabulary Enum>
[[nodiscard]] constexpr Enum value_at(std::size_t index) {
  return static_cast<Enum>(static_cast<int>(index) + kFirst<Enum>);
}

template <Vocabulary Enum>
[[nodiscard]] constexpr std::string_view name(Enum value) {
  return kWords<Enum>.at(index_of(value));
}

/// Empty for a word that is not of the vocabulary.
template <Vocabulary Enum>
[[nodiscard]] constexpr std::optional<Enum> parse(std::string_view word) {
  for (std::size_t i = 0; i < kCount<Enum>; ++i) {
    if (kWords<Enum>[i] == word) return value_at<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace toxvol::trading
