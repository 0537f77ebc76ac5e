#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {

/// The touch that the last trade stands for (X21): a trade becomes the price of its aggressor's
/// side, one tick beyond is the other. Both sizes are the larger of the median of the last 1 000
/// trade quantities and what was traded a second in the last whole UTC minute before the trade's
/// (N6), floored to the lot, at least one lot; they are worked out when they are asked for.
class TradeTouch {
 public:
  /// So many trades have a say in the sizes.
  static constexpr std::size_t kTrades = 1'000;

  explicit TradeTouch(Qty lot);

  void on(const Trade& trade);
  void on(std::span<const Trade> trades);
  /// As before the first trade.
  void forget();

  /// The trade whose touch this is; none before the first.
  [[nodiscard]] const Trade* trade() const { return has_traded_ ? &last_ : nullptr; }
  // From the first trade on, with the tick of its time:
  [[nodiscard]] Timestamp ts() const { return last_.ts_event; }
  [[nodiscard]] Price bid(Price tick) const {
    return last_.aggressor == Side::Buy ? last_.price - tick : last_.price;
  }
  [[nodiscard]] Price ask(Price tick) const {
    return last_.aggressor == Side::Buy ? last_.price : last_.price + tick;
  }
  [[nodiscard]] Mark mark(Price tick) const { return mark_of(last_, tick); }
  /// Of any trade.
  [[nodiscard]] static Mark mark_of(const Trade& trade, Price tick) {
    return {2 * trade.price.raw() + (trade.aggressor == Side::Buy ? -tick.raw() : tick.raw())};
  }
  /// As a quote; `update_id` is the agg_trade_id.
  [[nodiscard]] Quote quote(Price tick);

 private:
  [[nodiscard]] std::int64_t median();
  void begin_minute(Timestamp ts);
  void put(std::span<const Trade> trades);  // at most kTrades

  Qty lot_;
  Trade last_{};
  bool has_traded_ = false;
  std::vector<std::int64_t> ring_;       // quantities by arrival
  std::size_t oldest_ = 0;               // in a ring that is full
  std::optional<std::int64_t> dropped_;  // what the newest took the place of
  std::size_t newer_ = 0;                // quantities that the median does not know of
  std::int64_t median_ = 0;              // of those before
  std::vector<std::int64_t> ordered_;    // those before, in order where they are sorted
  bool is_sorted_ = true;

  Timestamp minute_end_ = Timestamp::min();
  std::int64_t traded_ = 0;       // in the last trade's minute
  std::int64_t last_minute_ = 0;  // in the minute before it
};

}  // namespace toxvol::engine
