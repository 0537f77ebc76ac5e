#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::trading {

/// A strategy: events in, commands appended to `out`. `strategy::ToxVol` and the order script are
/// two; an engine is a template over it, so no call a tick is virtual. Commands come only from data
/// (and the alarm), never from fills or order events.
template <class S>
concept Strategy =
    requires(S strategy, std::vector<Command>& out, const RowSeen& row, const QuoteSeen& quote,
             const TradeSeen& trade, const MetricsSeen& metrics, const FundingSeen& funding,
             const AlarmSeen& alarm, const OrderSeen& order, const FillSeen& fill, OrderId id) {
      strategy.on(row, out);
      strategy.on(quote, out);
      strategy.on(trade, out);
      strategy.on(metrics, out);
      strategy.on(funding, out);
      strategy.on(alarm, out);
      strategy.on(order);
      strategy.on(fill);
      { strategy.wake() } -> std::convertible_to<const Wake&>;
      // The stop and take-profit prices in force for the open position, for positions.parquet.
      { strategy.stop() } -> std::same_as<std::optional<Price>>;
      { strategy.take_profit() } -> std::same_as<std::optional<Price>>;
    };

/// Folds ticks into minute rows (factors::MinuteFolder), or has them from elsewhere
/// (engine::MinuteSource of rows that were kept, study::SharedFolder of another run's). Ticks of a
/// kind come in the order in which they are seen, one or many at once; between two `close` it
/// makes no difference how trades and quotes are mixed. `close` ends the minute of `bar`. The row
/// lives until the next `close`.
template <class F>
concept Folding = requires(F folding, const Trade& trade, const Quote& quote, const Bar& bar,
                           std::span<const Trade> trades, std::span<const Quote> quotes) {
  folding.on(trade);
  folding.on(quote);
  folding.on(trades);
  folding.on(quotes);
  { folding.close(bar) } -> std::same_as<const MinuteRow&>;
};

}  // namespace toxvol::trading
