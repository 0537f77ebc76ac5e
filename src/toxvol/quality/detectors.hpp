#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/divisor.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/quality/finding.hpp"

/// One detector a kind. Each is fed the rows of one period (a UTC day; funding: the file's month)
/// in their final order, with the line each stood on, and adds what it finds (docs/data.md).
/// Rows are judged, never changed.
namespace toxvol::quality {

/// The whole of a day: what its file speaks of.
[[nodiscard]] TimeRange period_of(Day day);

/// Why a quote may not be folded (G9): crossed or locked, or a price or size that is not above
/// zero. Nothing where it is sound (core/sound.hpp).
[[nodiscard]] std::optional<Code> defect_of(const Quote& quote);
/// The same of a row of another kind, which is no better than one that cannot be read.
template <class Record>
[[nodiscard]] std::optional<Code> defect_of(const Record& row) {
  return is_sound(row) ? std::nullopt : std::optional{Code::BadRow};
}

/// Whether a price lies on the tick in force; one lookup for each change of time range.
class TickGrid {
 public:
  /// An empty list: every price fits.
  explicit TickGrid(std::vector<Dated<Price>> ticks) : ticks_{std::move(ticks)} {}
  [[nodiscard]] bool fits(Price price, Timestamp ts) {
    if (ts < from_ || ts >= to_) look_up(ts);
    return tick_.divides(price.raw());
  }
  /// Whether the tick that `fits` last looked up is in force from one time to another.
  [[nodiscard]] bool holds(Timestamp from, Timestamp to) const { return from >= from_ && to < to_; }
  /// While it is.
  [[nodiscard]] bool is_multiple(Price price) const { return tick_.divides(price.raw()); }

 private:
  void look_up(Timestamp ts);
  std::vector<Dated<Price>> ticks_;
  Timestamp from_{};
  Timestamp to_{};  // empty range: the first call looks up
  Divisor tick_{1};
};

class TradeDetector {
 public:
  TradeDetector(TimeRange period, std::vector<Dated<Price>> ticks);
  void on(const Trade& trade, std::int64_t line, Findings& out);
  /// True: none of the rows, which ascend, is worth a finding, and they have been seen. False:
  /// nothing has been done, they need `on`.
  [[nodiscard]] bool on_usual(std::span<const Trade> rows);
  void finish(Findings& out);

 private:
  TimeRange period_;
  TickGrid grid_;
  std::optional<Trade> last_;
  std::optional<Timestamp> first_ts_;
};

class QuoteDetector {
 public:
  QuoteDetector(TimeRange period, std::vector<Dated<Price>> ticks);
  void on(const Quote& quote, std::int64_t line, Findings& out);
  /// True: none of the rows, which ascend, is worth a finding, and they have been seen. False:
  /// nothing has been done, they need `on`.
  [[nodiscard]] bool on_usual(std::span<const Quote> rows);
  void finish(Findings& out);

 private:
  TimeRange period_;
  TickGrid grid_;
  std::optional<std::int64_t> last_id_;
  std::optional<Timestamp> first_ts_;
  Timestamp last_ts_{};
};

class BarDetector {
 public:
  BarDetector(TimeRange period, std::vector<Dated<Price>> ticks);
  void on(const Bar& bar, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  void missing(Timestamp first_end, Timestamp next_end, std::optional<std::int64_t> line,
               Findings& out) const;
  TimeRange period_;
  TickGrid grid_;
  Timestamp expected_;  // minute end
  std::optional<Price> last_close_;
};

class MetricsDetector {
 public:
  /// `shifted`: the file's labels are five minutes before the time of their values (E14).
  MetricsDetector(TimeRange period, bool shifted);
  void on(const Metrics& metrics, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  void missing(Timestamp first, Timestamp next, std::optional<std::int64_t> line,
               Findings& out) const;
  TimeRange period_;
  bool shifted_;
  std::int64_t rows_ = 0;
  Timestamp expected_;
};

class FundingDetector {
 public:
  explicit FundingDetector(TimeRange period);
  void on(const Funding& funding, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  TimeRange period_;
  std::optional<Funding> last_;
};

}  // namespace toxvol::quality
