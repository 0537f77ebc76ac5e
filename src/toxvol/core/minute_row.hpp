#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"

namespace toxvol {

/// One completed VPIN bucket: |buy − sell| / V*, each by its own day's V*.
struct Bucket {
  Timestamp ts_event{};  // of the trade (BVC: the bar) that filled it
  double imbalance = 0.0;
};

/// Sums over the known milliseconds of a window (P4): divide by `known_ms` for a time-weighted
/// mean.
struct QuoteIntegral {
  double obi = 0.0;              // (B − A)/(B + A) · ms
  double depth = 0.0;            // (B + A)/2 in base units · ms
  double spread_ticks = 0.0;     // (ask − bid)/tick · ms
  double spread_relative = 0.0;  // (ask − bid)/mid · ms
  std::int64_t known_ms = 0;
};

/// Lowest and highest bid, ask and trade price among the ticks counted in a row. The quote carried
/// into the minute is no tick of it.
struct Envelope {
  Price bid_min{}, bid_max{}, ask_min{}, ask_max{}, trade_min{}, trade_max{};
  bool has_quote = false;
  bool has_trade = false;
};

/// Everything one closed minute says, folded once from ticks (docs/factors/minute_row.md).
/// Covers [ts − 60 s, ts) by `ts_event`, ts = `bar.ts_event`.
struct MinuteRow {
  Bar bar{};

  // aggTrades of the minute; in integers of 1e-8.
  std::int64_t trade_count = 0;
  std::int64_t signed_volume_e8 = 0;
  std::int64_t volume_e8 = 0;
  std::optional<Timestamp> last_trade;  // ts_event of the last one before the row's end

  // Quotes of the minute.
  std::int64_t quote_count = 0;
  double ofi_cks = 0.0;              // Cont–Kukanov–Stoikov increments, base units (E1)
  double ofi_document = 0.0;         // the proposal's literal ask side
  std::int64_t ofi_count = 0;        // increments: quotes less the first of the UTC day
  QuoteIntegral minute;              // the whole minute
  QuoteIntegral last_10s;            // its last 10 s
  std::optional<double> obi_last;    // of the last quote before the end, same UTC day
  Duration largest_quote_gap{};      // longest stretch of the known part without a new quote
  std::optional<double> ofi_events;  // events:N: the last N increments of the UTC day, base units
  bool day_has_quote = false;        // P4: a quote of this UTC day before the minute's end

  // The last quote before the row's ts_init, whatever its day (A6).
  std::optional<Quote> last_quote;

  // VPIN buckets completed by trades since the row before, also of minutes without a bar (G6), and
  // the V* of the row's UTC day in 1e-8 (T1, T2); 0: that day has none.
  std::vector<Bucket> tick_buckets;
  std::int64_t v_star_e8 = 0;

  Envelope envelope;
};

}  // namespace toxvol
