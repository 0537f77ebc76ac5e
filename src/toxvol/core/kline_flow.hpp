#pragma once

#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

/// What a kline says beyond the bar that NautilusTrader knows. Its catalog keeps the two apart.
struct KlineFlow {
  Timestamp ts_event{};
  Timestamp ts_init{};
  Money quote_volume{};
  std::int64_t count = 0;
  Qty taker_buy_volume{};
  Money taker_buy_quote_volume{};
};

/// A flow is known so much before its bar: a reader that has the bar has its flow too.
inline constexpr Duration kFlowLead{1};

[[nodiscard]] constexpr KlineFlow flow_of(const Bar& bar) {
  return {.ts_event = bar.ts_event,
          .ts_init = bar.ts_init - kFlowLead,
          .quote_volume = bar.quote_volume,
          .count = bar.count,
          .taker_buy_volume = bar.taker_buy_volume,
          .taker_buy_quote_volume = bar.taker_buy_quote_volume};
}

/// Gives `bar` its flow. False where `flow` is of another minute: `bar` is unchanged.
[[nodiscard]] constexpr bool join(Bar& bar, const KlineFlow& flow) {
  if (bar.ts_event != flow.ts_event) return false;
  bar.quote_volume = flow.quote_volume;
  bar.count = flow.count;
  bar.taker_buy_volume = flow.taker_buy_volume;
  bar.taker_buy_quote_volume = flow.taker_buy_quote_volume;
  return true;
}

}  // namespace toxvol
