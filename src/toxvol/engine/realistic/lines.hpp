#pragma once

#include <algorithm>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/line.hpp"

namespace toxvol::engine {

/// All that is on its way to exchange and strategy.
struct Lines {
  Line<Trade> trades;
  Line<Quote> quotes;
  Line<Bar> bars;
  Line<Metrics> metrics;
  Line<Funding> funding;

  /// When the strategy sees the next of what is no tick; Timestamp::max(): there is none.
  [[nodiscard]] Timestamp next_row() const {
    return std::min({bars.seen, metrics.seen, funding.seen});
  }

  /// `data` outlives it; of ticks that the exchange has passed so much is held.
  void open(MarketData& data, const EngineParams& params, History trades_history,
            History quotes_history, const Delays& delays) {
    const Feed feed = feed_of(params.inputs);
    trades.rows.open(params.inputs.trades ? data.trades.get() : nullptr, params.to,
                     feed != Feed::Bars, trades_history);
    quotes.rows.open(params.inputs.quotes ? data.quotes.get() : nullptr, params.to,
                     feed == Feed::Quotes, quotes_history);
    // The bar that ends at `to` still is a row of the run; the exchange does not handle it.
    bars.rows.open(data.bars.get(), params.to + Duration{1}, true);
    metrics.rows.open(data.metrics.get(), params.to, false);
    funding.rows.open(data.funding.get(), params.to, true);
    refresh(trades, delays);
    refresh(quotes, delays);
    refresh(bars, delays);
    refresh(metrics, delays);
    refresh(funding, delays);
  }

 private:
  template <class Record>
  static void refresh(Line<Record>& line, const Delays& delays) {
    line.refresh_front();
    line.refresh_back(delays);
  }
};

}  // namespace toxvol::engine
