#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/vpin.hpp"

namespace toxvol::factors {

/// Folds ticks into one row a closed minute. Ticks come in the order in which they are seen, each
/// kind ascending in `ts_event` (whole milliseconds); quotes have bid < ask and sizes > 0 (G9).
/// Which tick counts where, and every column: docs/factors/minute_row.md
class MinuteFolder {
 public:
  /// Throws `Error` for an instrument without a tick size.
  MinuteFolder(const FactorParams& params, Instrument instrument, Inputs inputs);
  MinuteFolder(const MinuteFolder&) = delete;
  MinuteFolder& operator=(const MinuteFolder&) = delete;
  MinuteFolder(MinuteFolder&&) = default;
  MinuteFolder& operator=(MinuteFolder&&) = default;
  ~MinuteFolder() = default;

  void on(const Trade& trade);
  void on(const Quote& quote);
  void on(std::span<const Trade> trades);
  void on(std::span<const Quote> quotes);
  /// Ends the minute of `bar`. Bars ascend. The row lives until the next call.
  const MinuteRow& close(const Bar& bar);

 private:
  /// Time-weighted sums: values times nanoseconds, exact where they are integers.
  struct Integral {
    double obi = 0.0;
    double spread_relative = 0.0;
    Int128 depth_e8 = 0;   // of B + A
    Int128 spread_e8 = 0;  // of ask − bid
    std::int64_t known_ns = 0;
  };
  /// What ticks add up to, whichever minute they count in.
  struct Counts {
    std::int64_t trade_count = 0;
    std::int64_t last_trade_ns = 0;  // where trade_count > 0
    std::int64_t signed_volume_e8 = 0;
    std::int64_t volume_e8 = 0;
    std::int64_t quote_count = 0;
    std::int64_t ofi_count = 0;
    Int128 ofi_cks_e8 = 0;
    Int128 ofi_document_e8 = 0;
    Envelope envelope;
  };
  /// A minute that has no row yet.
  struct Fold {
    Counts counts;
    Integral minute;
    Integral last_10s;
    std::int64_t largest_gap_ns = 0;
    std::optional<double> obi_last;
    std::optional<double> ofi_events;
    std::optional<Quote> last_quote;
  };
  /// The last N increments of a UTC day (`events:N`).
  struct Recent {
    std::vector<std::int64_t> ring;
    std::size_t next = 0;
    std::int64_t seen = 0;
    Int128 sum_e8 = 0;
  };

  void on_edge(const Quote& quote);
  void count(const Quote& quote, Counts& counts);
  static void count(const Trade& trade, Counts& counts);
  static void merge(const Counts& from, Counts& into);
  void remember(std::int64_t increment);
  void see_trade(const Counts& counts);

  /// Moves the quote in force on to `ns`, through as many minutes as that takes.
  void advance(std::int64_t ns);
  /// Weighs the quote in force from `cursor_` to `ns`, both in the minute of `quotes_`.
  void weigh_until(std::int64_t ns);
  /// What is known of the minute of `quotes_` at its end.
  void seal();
  /// P4: at 00:00 UTC.
  void forget_day();
  void write(const Bar& bar, const Fold& fold);

  Instrument instrument_;
  Inputs inputs_;
  bool sums_document_;  // which increment `events:N` sums
  TradeBuckets buckets_;

  std::map<std::int64_t, Fold> folds_;  // by the minute's first ns
  Counts late_;                         // ticks seen after the row of their minute
  std::int64_t closed_end_;             // of the last row

  // Trades: the minute being counted in.
  std::int64_t trade_start_;
  std::int64_t trade_end_;
  Fold* trades_ = nullptr;

  // Quotes: the minute being weighed, as far as `cursor_`.
  std::int64_t quote_start_;
  std::int64_t quote_end_;
  std::int64_t cursor_;
  Fold* quotes_ = nullptr;
  bool in_force_ = false;  // last_quote_ is of the UTC day of cursor_ (P4); quotes_ is set
  Quote last_quote_{};
  Recent recent_;

  // As of the last row.
  std::optional<Quote> row_quote_;
  std::optional<Timestamp> row_trade_;
  Day day_with_quote_{};
  MinuteRow row_;
};

}  // namespace toxvol::factors
