#pragma once

#include <cstdint>
#include <string_view>

namespace toxvol::trading {

/// The fixed vocabularies of the run folder; `name` gives the text that its files hold.

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
enum class Alpha : std::uint8_t { None, A, B };
enum class OrderType : std::uint8_t { Market, Limit };
enum class TimeInForce : std::uint8_t { Gtc, Ioc, Fok };
enum class OrderStatus : std::uint8_t { Open, Filled, Canceled, Rejected };
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
enum class TriggerKind : std::uint8_t { None, Bid, Ask, Trade, Time };
enum class CommandKind : std::uint8_t { Submit, Cancel };
enum class CommandOutcome : std::uint8_t { Never, Accepted, Rejected, TooLate };
enum class Liquidity : std::uint8_t { Maker, Taker };
enum class Regime : std::int8_t { CrowdedLong = -1, Neutral = 0, CrowdedShort = 1 };  // value = F3
enum class FillRule : std::uint8_t { None, X6, X9, X12, X13, X16, X22, X24, Liq };
enum class EquityCause : std::uint8_t { Start, Minute, Fill, Funding, Liquidation, End };
enum class Cap : std::uint8_t { None, MaxLeverage, MaxNotional, MaxQty };
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
  Spread,
  Cap,
  MinNotional,
  EnterLong,
  EnterShort
};

[[nodiscard]] std::string_view name(Role value);
[[nodiscard]] std::string_view name(Alpha value);  // "" for None
[[nodiscard]] std::string_view name(OrderType value);
[[nodiscard]] std::string_view name(TimeInForce value);
[[nodiscard]] std::string_view name(OrderStatus value);
[[nodiscard]] std::string_view name(RejectReason value);  // "" for None
[[nodiscard]] std::string_view name(TriggerKind value);   // "" for None
[[nodiscard]] std::string_view name(CommandKind value);
[[nodiscard]] std::string_view name(CommandOutcome value);
[[nodiscard]] std::string_view name(Liquidity value);
[[nodiscard]] std::string_view name(Regime value);
[[nodiscard]] std::string_view name(FillRule value);  // "" for None
[[nodiscard]] std::string_view name(EquityCause value);
[[nodiscard]] std::string_view name(Cap value);  // "none" for None
[[nodiscard]] std::string_view name(Reason value);

}  // namespace toxvol::trading
