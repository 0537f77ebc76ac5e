#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/trailing_scale.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {

/// Time-weighted (B − A)/(B + A) of a minute row over `window`. Empty before the UTC day's first
/// quote (P4, P5). Definition: docs/factors/obi.md
[[nodiscard]] Value order_book_imbalance(const MinuteRow& row, ObiWindow window);

/// Signed volume over volume of the last `svi_window`: of a minute from its trades, or from its
/// kline where trades are no input or there are none though it has volume (P2, G5, N3). Definition:
/// docs/factors/svi.md
class SignedVolumeImbalance {
 public:
  SignedVolumeImbalance(Duration window, bool from_trades);

  /// In [−1, 1]; 0 for a window without volume; empty until the window is whole.
  Value update(const MinuteRow& row);

 private:
  bool from_trades_;
  MinuteSums<2> sums_;  // signed, all; in 1e-8
};

/// Sums over `ofi_window` of what quotes say (P3, T6). Definition: docs/factors/ofi.md
class QuoteWindow {
 public:
  struct Values {
    Value ofi;              // base units
    Value ofi_norm;         // over the mean size at the touch
    Value spread_ticks;     // time-weighted
    Value spread_relative;  // time-weighted, of the mid
  };

  explicit QuoteWindow(const PressureParams& params);

  /// `is_known`: the last quote is not overdue (N3); else there is nothing to say of the row.
  Values update(const MinuteRow& row, bool is_known);

 private:
  bool is_document_;
  bool counts_events_;
  MinuteSums<5> sums_;  // OFI; depth·ms, spread·ms, relative spread·ms, ms
};

/// F2's direction: OBI, SVI and OFI, their z-scores and P (P1–P5). Definition:
/// docs/factors/pressure.md
class Pressure {
 public:
  struct Values {
    Value obi, svi, z_obi, z_svi, z_ofi, p;
    QuoteWindow::Values quotes;
  };

  Pressure(const PressureParams& params, const ZParams& z, Inputs inputs);

  /// `quotes_known`: see QuoteWindow::update.
  const Values& update(const MinuteRow& row, bool quotes_known);

 private:
  PressureParams params_;
  bool has_quotes_;
  SignedVolumeImbalance svi_;
  QuoteWindow quotes_;
  ZScore z_obi_;
  ZScore z_svi_;
  ZScore z_ofi_;
  ZScale sum_scale_;
  TrailingScale scale_;
  Values values_;
};

}  // namespace toxvol::factors
