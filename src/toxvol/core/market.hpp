#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

/// Every record has `ts_event`, the exchange's time for it, and `ts_init`, the earliest a program
/// could have it; `ts_init` is unique over all kinds of a symbol (docs/data.md#time).

enum class Side : std::int8_t { Buy = 1, Sell = -1 };

[[nodiscard]] constexpr int sign(Side side) {
  return static_cast<int>(side);
}
[[nodiscard]] constexpr Side opposite(Side side) {
  return side == Side::Buy ? Side::Sell : Side::Buy;
}

/// One row of aggTrades. `aggressor` is the taker's side.
struct Trade {
  Timestamp ts_event{};
  Timestamp ts_init{};
  std::int64_t agg_trade_id = 0;
  Price price{};
  Qty qty{};
  Side aggressor = Side::Buy;
  std::int64_t first_trade_id = 0;
  std::int64_t last_trade_id = 0;
};

/// One row of bookTicker. `ts_event` is the transaction time T, `ts_sent` the event time E.
struct Quote {
  Timestamp ts_event{};
  Timestamp ts_init{};
  std::int64_t update_id = 0;
  Price bid{};
  Price ask{};
  Qty bid_qty{};
  Qty ask_qty{};
  Timestamp ts_sent{};
};

/// One closed 1-minute kline; `ts_event` is the minute's end (open_time + 60 s). The flow (the last
/// four) is unknown where there is volume and `count` is 0: a store of bars may lack it.
struct Bar {
  Timestamp ts_event{};
  Timestamp ts_init{};
  Price open{};
  Price high{};
  Price low{};
  Price close{};
  Qty volume{};
  Money quote_volume{};
  std::int64_t count = 0;
  Qty taker_buy_volume{};
  Money taker_buy_quote_volume{};
};

/// One row of metrics; `ts_event` is the stamp the values are true at (E14). Doubles are the
/// correctly rounded text; a blank field is empty.
struct Metrics {
  Timestamp ts_event{};
  Timestamp ts_init{};
  std::optional<double> open_interest;
  std::optional<double> open_interest_value;
  std::optional<double> toptrader_count_ls;  // count_toptrader_long_short_ratio
  std::optional<double> toptrader_sum_ls;    // sum_toptrader_long_short_ratio
  std::optional<double> count_ls;            // count_long_short_ratio
  std::optional<double> taker_ls;            // sum_taker_long_short_vol_ratio
};

/// One funding settlement; `ts_event` is calc_time.
struct Funding {
  Timestamp ts_event{};
  Timestamp ts_init{};
  Rate rate{};
  std::int32_t interval_hours = 8;
};

/// Which of the five kinds a file, a run or a mode has.
struct Inputs {
  bool trades = false;
  bool quotes = false;
  bool bars = false;
  bool metrics = false;
  bool funding = false;
  [[nodiscard]] constexpr bool& operator[](Kind kind);
  [[nodiscard]] constexpr bool operator[](Kind kind) const { return Inputs{*this}[kind]; }
  friend constexpr bool operator==(const Inputs&, const Inputs&) = default;
};

constexpr bool& Inputs::operator[](Kind kind) {
  constexpr std::array kMembers{&Inputs::trades, &Inputs::quotes, &Inputs::bars, &Inputs::metrics,
                                &Inputs::funding};
  return this->*kMembers[static_cast<std::size_t>(kind)];
}

/// One kind alone.
[[nodiscard]] constexpr Inputs only(Kind kind) {
  Inputs inputs;
  inputs[kind] = true;
  return inputs;
}

}  // namespace toxvol
