#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/metrics_row.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

using Ticks = std::vector<Dated<Price>>;

/// The detector of a kind for one unit of `file`.
template <class Record>
[[nodiscard]] auto make_detector(const SourceFile& file, Day unit, const Ticks& ticks) {
  constexpr Kind kKind = KindOf<Record>::kKind;
  if constexpr (kKind == Kind::Funding) {
    return quality::FundingDetector{file.period()};
  } else if constexpr (kKind == Kind::Metrics) {
    return quality::MetricsDetector{quality::period_of(unit),
                                    csv::metrics_label_shift(file.first_day) != Duration{}};
  } else if constexpr (kKind == Kind::Klines) {
    return quality::BarDetector{quality::period_of(unit), ticks};
  } else if constexpr (kKind == Kind::BookTicker) {
    return quality::QuoteDetector{quality::period_of(unit), ticks};
  } else {
    return quality::TradeDetector{quality::period_of(unit), ticks};
  }
}

/// Shows the rows of a file, in their final order, to the detector of their kind: a new one for
/// each unit.
template <class Record>
class UnitDetector {
 public:
  UnitDetector(const SourceFile& file, Ticks ticks) : file_{file}, ticks_{std::move(ticks)} {}

  void on(const Record& row, std::int64_t line, quality::Findings& out) {
    const Day unit = unit_day(row);
    if (!detector_ || unit != unit_) {
      finish(out);
      detector_.emplace(make_detector<Record>(file_, unit, ticks_));
      unit_ = unit;
    }
    detector_->on(row, line, out);
  }
  /// Rows that ascend, of the unit of the row before. True: none is worth a finding, and they have
  /// been seen. False: nothing has been done.
  [[nodiscard]] bool on_usual(std::span<const Record> rows) {
    return detector_ && unit_day(rows.front()) == unit_ && detector_->on_usual(rows);
  }
  void finish(quality::Findings& out) {
    if (detector_) detector_->finish(out);
  }

 private:
  SourceFile file_;
  Ticks ticks_;
  std::optional<decltype(make_detector<Record>(std::declval<const SourceFile&>(), Day{}, Ticks{}))>
      detector_;
  Day unit_{};
};

}  // namespace toxvol::catalog
