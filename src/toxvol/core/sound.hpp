#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

/// Whether a row says what can be so. Of raw files ingest keeps no others (docs/data.md#findings);
/// what another program wrote or gives is judged by these where it enters (G9).
namespace toxvol {

/// An interval above this is none: ten years.
inline constexpr std::int64_t kMostIntervalHours = 87'600;

[[nodiscard]] inline bool is_sound(const Quote& quote) {
  // Not `&&`: no branch, for almost every quote is sound. An ask above a bid above 0 is above 0.
  return static_cast<int>(quote.bid > Price{}) & static_cast<int>(quote.ask > quote.bid) &
         static_cast<int>(quote.bid_qty > Qty{}) & static_cast<int>(quote.ask_qty > Qty{});
}

[[nodiscard]] inline bool is_sound(const Trade& trade) {
  return trade.price > Price{} && trade.qty > Qty{};
}

[[nodiscard]] inline bool is_sound(const Bar& bar) {
  return bar.low > Price{} && bar.low <= std::min(bar.open, bar.close) &&
         bar.high >= std::max(bar.open, bar.close) && bar.volume >= Qty{};
}

[[nodiscard]] inline bool is_sound(const Metrics& metrics) {
  const auto is_number = [](const std::optional<double>& x) { return !x || std::isfinite(*x); };
  return is_number(metrics.open_interest) && is_number(metrics.open_interest_value) &&
         is_number(metrics.toptrader_count_ls) && is_number(metrics.toptrader_sum_ls) &&
         is_number(metrics.count_ls) && is_number(metrics.taker_ls);
}

[[nodiscard]] inline bool is_sound(const Funding& funding) {
  return funding.interval_hours > 0 && funding.interval_hours <= kMostIntervalHours;
}

}  // namespace toxvol
