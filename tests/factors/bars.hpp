#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/factors/support.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::factors::test {

inline Price price(double p) {  // of a text with at most eight decimals
  return Price::from_raw(std::lround(p * Price::kOne));
}

/// The bar of the n-th minute, which ends at `minute(n)`.
inline Bar bar(std::int64_t n, double open, double high, double low, double close,
               double volume = 1.0) {
  Bar result;
  result.ts_event = minute(n);
  result.ts_init = result.ts_event;
  result.open = price(open);
  result.high = price(high);
  result.low = price(low);
  result.close = price(close);
  result.volume = Qty::from_raw(std::lround(volume * Qty::kOne));
  return result;
}

struct WalkParams {
  std::int64_t bars = 1000;
  double missing = 0.0;        // share of minutes without a bar
  double without_trade = 0.0;  // share of flat bars with volume 0
  std::int64_t scale = 1;      // multiplies every price
};

/// Bars of a random walk with tick 0.01 around 100, from minute 1 on.
inline std::vector<Bar> random_walk(std::uint64_t seed, const WalkParams& params) {
  constexpr std::int64_t kTick = 1'000'000;
  Random random{seed};
  std::vector<Bar> bars;
  std::int64_t ticks = 10'000;
  for (std::int64_t n = 1; n <= params.bars; ++n) {
    const bool is_missing = random.uniform() < params.missing;
    const bool is_flat = random.uniform() < params.without_trade;
    std::int64_t open = ticks;
    if (!is_flat) open += random.below(3) - 1;
    std::int64_t high = open;
    std::int64_t low = open;
    ticks = open;
    for (int step = 0; step < 8 && !is_flat; ++step) {
      ticks = std::max<std::int64_t>(ticks + random.below(21) - 10, 1000);
      high = std::max(high, ticks);
      low = std::min(low, ticks);
    }
    if (is_missing) continue;
    const std::int64_t unit = kTick * params.scale;
    Bar result;
    result.ts_event = minute(n);
    result.ts_init = result.ts_event;
    result.open = Price::from_raw(open * unit);
    result.high = Price::from_raw(high * unit);
    result.low = Price::from_raw(low * unit);
    result.close = Price::from_raw(ticks * unit);
    result.volume = is_flat ? Qty{} : Qty::from_raw(Qty::kOne);
    bars.push_back(result);
  }
  return bars;
}

/// The first 20 bars of TTR's `ttrc`, as minutes.
inline std::vector<Bar> ttr_bars() {
  constexpr double kRows[20][4] = {
      {3.18, 3.18, 3.08, 3.08}, {3.09, 3.15, 3.09, 3.11}, {3.11, 3.12, 3.08, 3.09},
      {3.09, 3.12, 3.07, 3.10}, {3.10, 3.12, 3.08, 3.11}, {3.12, 3.17, 3.10, 3.16},
      {3.16, 3.23, 3.14, 3.22}, {3.23, 3.29, 3.20, 3.23}, {3.23, 3.33, 3.22, 3.32},
      {3.32, 3.33, 3.28, 3.30}, {3.30, 3.34, 3.28, 3.32}, {3.32, 3.32, 3.17, 3.26},
      {3.26, 3.27, 3.15, 3.16}, {3.17, 3.28, 3.15, 3.25}, {3.28, 3.32, 3.27, 3.29},
      {3.29, 3.32, 3.26, 3.31}, {3.31, 3.37, 3.29, 3.32}, {3.32, 3.37, 3.31, 3.37},
      {3.37, 3.47, 3.33, 3.42}, {3.42, 3.43, 3.38, 3.42}};
  std::vector<Bar> bars;
  std::int64_t n = 1;
  for (const auto& row : kRows) bars.push_back(bar(n++, row[0], row[1], row[2], row[3]));
  return bars;
}

}  // namespace toxvol::factors::test
