#pragma once

#include <algorithm>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {

/// When a strategy sees a record (X3).
class Delays {
 public:
  /// The references outlive it.
  Delays(const EngineParams& params, const LatencyModel& latency)
      : params_{params}, latency_{latency} {}

  [[nodiscard]] Timestamp seen(const Trade& trade) const {
    return trade.ts_init + latency_.of_data(Delivery::Trade, trade.agg_trade_id) +
           params_.agg_delay;
  }
  [[nodiscard]] Timestamp seen(const Quote& quote) const {
    return quote.ts_init + latency_.of(quote);
  }
  [[nodiscard]] Timestamp seen(const Bar& bar) const {
    return bar.ts_init + latency_.of_data(Delivery::Bar, to_ns(bar.ts_event)) + params_.bar_delay;
  }
  [[nodiscard]] Timestamp seen(const Metrics& metrics) const {
    return metrics.ts_init + latency_.of_data(Delivery::Metrics, to_ns(metrics.ts_event));
  }
  [[nodiscard]] Timestamp seen(const Funding& funding) const {
    return funding.ts_init + latency_.of_data(Delivery::Funding, to_ns(funding.ts_event));
  }

 private:
  const EngineParams& params_;
  const LatencyModel& latency_;
};

/// A kind of record on its way to exchange and strategy.
template <class Record>
struct Line {
  static constexpr Timestamp kLater = Timestamp::max();

  LagBuffer<Record> rows;
  Timestamp seen = kLater;          // of rows.back(); kLater: none
  Timestamp event = kLater;         // of rows.front(); kLater: none
  Timestamp last{Duration::min()};  // X3: monotone within the kind

  /// The exchange (the strategy) has handled its row.
  void pop_front() {
    rows.pop_front();
    refresh_front();
  }
  void pop_back(const Delays& delays) {
    rows.pop_back();
    refresh_back(delays);
  }
  void refresh_front() {
    const Record* row = rows.front();
    event = row == nullptr ? kLater : row->ts_event;
  }
  void refresh_back(const Delays& delays) {
    const Record* row = rows.back();
    seen = row == nullptr ? kLater : last = std::max(last, delays.seen(*row));
  }
};

}  // namespace toxvol::engine
