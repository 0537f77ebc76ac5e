#pragma once

#include <cstdint>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {

/// What a latency is drawn for; the numbers are part of the draw and never change.
enum class Delivery : std::uint8_t {
  Trade = 1,
  Quote = 2,
  Bar = 3,
  Metrics = 4,
  Funding = 5,
  OrderEvent = 6
};

/// Draws that depend on the seed and the record alone (X3), never on what was drawn before.
class LatencyModel {
 public:
  LatencyModel(const ExchangeParams& params, std::uint64_t seed);

  /// How long a command of this order takes to the exchange: the same for its submit and cancel.
  [[nodiscard]] Duration of_order(std::int64_t order) const;
  /// How long a record takes to the strategy. `id`: agg_trade_id, update_id, or ts_event in ns of
  /// bars, metrics, funding; order number for order events.
  [[nodiscard]] Duration of_data(Delivery kind, std::int64_t id) const {
    if (data_.kind == Latency::Kind::Constant) return data_.value;
    return drawn(kind, id);
  }
  [[nodiscard]] Duration of(const Quote& quote) const {
    if (data_.kind == Latency::Kind::Constant) return data_.value;
    if (data_.kind == Latency::Kind::Recorded) {
      // A stamp that was sent before its transaction is a fault of the file, not a negative delay.
      return quote.ts_sent > quote.ts_event ? quote.ts_sent - quote.ts_event : Duration{};
    }
    return drawn(Delivery::Quote, quote.update_id);
  }

 private:
  [[nodiscard]] Duration drawn(Delivery kind, std::int64_t id) const;

  Latency order_;
  Latency data_;
  std::uint64_t seed_;
};

/// X2: ⌊ts_submit⌋ms + 1 ms + ⌈latency⌉ms.
[[nodiscard]] ExchangeTime arrival_time(Timestamp ts_submit, Duration latency);

}  // namespace toxvol::engine
