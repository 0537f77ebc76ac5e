#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::trading {

/// What a strategy is told. `ts_seen` is the instant at which it learns it (X3): `ts_init` plus the
/// data latency; a trade's also plus `data.agg_delay`, a row's plus `data.bar_delay`. The delays of
/// metrics and funding are the factor model's (C2), so that they are the same code in both engines.

/// Best prices as last seen: a quote, or where there is none that is young enough the touch of the
/// last trade (X21, N4); bars only: the last close as both prices with zero sizes.
struct Touch {
  Price bid{};
  Price ask{};
  Qty bid_qty{};
  Qty ask_qty{};
  Timestamp ts_event{};
};

/// A minute closed. `row` and `touch` live as long as the call; no touch: no price is young enough.
struct RowSeen {
  Timestamp ts_seen{};
  const MinuteRow& row;
  const std::optional<Touch>& touch;
};

struct QuoteSeen {
  Timestamp ts_seen{};
  const Touch& touch;  // a quote, or of a trade where that is the touch
};

struct TradeSeen {
  Timestamp ts_seen{};
  const Trade& trade;
};

struct MetricsSeen {
  Timestamp ts_seen{};
  const Metrics& metrics;
};

struct FundingSeen {
  Timestamp ts_seen{};
  const Funding& funding;
};

/// The time asked for by `Wake::alarm` has come.
struct AlarmSeen {
  Timestamp ts_seen{};
};

/// An order was accepted, rejected, canceled (also: cut to nothing). Never sent for a fill.
struct OrderSeen {
  Timestamp ts_seen{};
  Timestamp ts_event{};
  OrderId id{};
  enum class What : std::uint8_t { Accepted, Rejected, Canceled } what = What::Accepted;
  RejectReason reject_reason = RejectReason::None;
  Qty filled{};  // until now
};

struct FillSeen {
  Timestamp ts_seen{};
  Timestamp ts_event{};
  OrderId id{};
  Side side = Side::Buy;
  Price price{};
  Qty qty{};
  Money fee{};  // + = paid
  Liquidity liquidity = Liquidity::Taker;
  bool order_done = false;  // nothing of the order is left
  bool liquidation = false;
};

/// When the strategy wants to be called before the next row. An engine calls it for every event
/// that satisfies one of these, and may skip any other quote or trade. Empty everywhere: rows only.
struct Wake {
  std::optional<Price> bid_at_most;  // a quote with bid <= this
  std::optional<Price> bid_at_least;
  std::optional<Price> ask_at_most;
  std::optional<Price> ask_at_least;
  std::optional<Price> trade_at_most;  // a trade with price <= this
  std::optional<Price> trade_at_least;
  std::optional<Timestamp> at;     // the first quote, trade or row seen at or after this time
  bool every_quote = false;        // e.g. a resting entry to re-price
  std::optional<Timestamp> alarm;  // exactly this time, whatever data there is (order scripts)
};

}  // namespace toxvol::trading
