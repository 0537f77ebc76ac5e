#pragma once

#include <cstdint>

#include "toxvol/core/market.hpp"

namespace toxvol::synth {

/// The five kinds in the generator's own integers: prices in ticks, quantities in lots, times in
/// milliseconds of the UTC epoch. Text is made of them without a double in between.

struct QuoteRow {
  std::int64_t update_id = 0;
  std::int64_t bid = 0;
  std::int64_t bid_lots = 0;
  std::int64_t ask = 0;
  std::int64_t ask_lots = 0;
  std::int64_t time_ms = 0;  // T
  std::int64_t sent_ms = 0;  // E
};

struct TradeRow {
  std::int64_t agg_id = 0;
  std::int64_t price = 0;
  std::int64_t lots = 0;
  std::int64_t first_id = 0;
  std::int64_t last_id = 0;
  std::int64_t time_ms = 0;
  Side aggressor = Side::Buy;
};

struct KlineRow {
  std::int64_t open_ms = 0;
  std::int64_t open = 0;
  std::int64_t high = 0;
  std::int64_t low = 0;
  std::int64_t close = 0;
  std::int64_t lots = 0;
  std::int64_t quote = 0;  // ticks × lots
  std::int64_t count = 0;
  std::int64_t buy_lots = 0;
  std::int64_t buy_quote = 0;
};

/// A snapshot at `stamp_ms`; the taker ratio covers the five minutes before it.
struct MetricsSample {
  std::int64_t stamp_ms = 0;
  std::int64_t open_interest_e3 = 0;
  std::int64_t mark_e4 = 0;
  double toptrader_count_ls = 1.0;
  double toptrader_sum_ls = 1.0;
  double count_ls = 1.0;
  double taker_ls = 1.0;
};

struct FundingSample {
  std::int64_t calc_ms = 0;
  std::int64_t rate_e8 = 0;
};

}  // namespace toxvol::synth
