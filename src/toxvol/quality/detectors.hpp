#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

/// One detector a kind. Each is fed the rows of one period (a UTC day; funding: the file's month)
/// in their final order, with the line each stood on, and adds what it finds (docs/data.md).
/// Rows are judged, never changed.
namespace toxvol::quality {

/// Half-open period of time that a file or an output speaks of.
struct Period {
  Timestamp from{};
  Timestamp to{};
  friend bool operator==(const Period&, const Period&) = default;
};
[[nodiscard]] Period period_of(Day day);

/// Why a quote may not be folded (G9): crossed or locked, or a price or size that is not above
/// zero.
[[nodiscard]] std::optional<Code> defect_of(const Quote& quote);

/// Whether a price lies on the tick in force; one lookup for each change of time range.
class TickGrid {
 public:
  /// An empty list: every price fits.
  explicit TickGrid(std::vector<Dated<Price>> ticks) : ticks_{std::move(ticks)} {}
  [[nodiscard]] bool fits(Price price, Timestamp ts) {
    if (ts < from_ || ts >= to_) look_up(ts);
    return tick_ == 0 || price.raw() % tick_ == 0;
  }

 private:
  void look_up(Timestamp ts);
  std::vector<Dated<Price>> ticks_;
  Timestamp from_{};
  Timestamp to_{};  // empty range: the first call looks up
  std::int64_t tick_ = 0;
};

class TradeDetector {
 public:
  TradeDetector(Period period, std::vector<Dated<Price>> ticks);
  void on(const Trade& trade, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  Period period_;
  TickGrid grid_;
  std::optional<Trade> last_;
  std::optional<Timestamp> first_ts_;
};

class QuoteDetector {
 public:
  QuoteDetector(Period period, std::vector<Dated<Price>> ticks);
  void on(const Quote& quote, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  Period period_;
  TickGrid grid_;
  std::optional<std::int64_t> last_id_;
  std::optional<Timestamp> first_ts_;
  Timestamp last_ts_{};
};

class BarDetector {
 public:
  BarDetector(Period period, std::vector<Dated<Price>> ticks);
  void on(const Bar& bar, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  void missing(Timestamp first_end, Timestamp next_end, std::optional<std::int64_t> line,
               Findings& out) const;
  Period period_;
  TickGrid grid_;
  Timestamp expected_;  // minute end
  std::optional<Price> last_close_;
};

class MetricsDetector {
 public:
  /// `shifted`: the file's labels are five minutes before the time of their values (E14).
  MetricsDetector(Period period, bool shifted);
  void on(const Metrics& metrics, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  void missing(Timestamp first, Timestamp next, std::optional<std::int64_t> line,
               Findings& out) const;
  Period period_;
  bool shifted_;
  std::int64_t rows_ = 0;
  Timestamp expected_;
};

class FundingDetector {
 public:
  explicit FundingDetector(Period period);
  void on(const Funding& funding, std::int64_t line, Findings& out);
  void finish(Findings& out);

 private:
  Period period_;
  std::optional<Funding> last_;
};

/// What the trades or the klines of a minute add up to, for the cross-check.
struct MinuteVolume {
  std::int64_t volume_e8 = 0;
  std::int64_t taker_buy_e8 = 0;
};

/// Compares kinds of one day: aggTrades volume and taker-buy volume against the kline of the same
/// minute, trades against the quotes around them. Feed all quotes of the day, then its trades, then
/// its bars, then `finish`.
class CrossChecker {
 public:
  explicit CrossChecker(Day day);
  void on(const Quote& quote);
  void on(const Trade& trade, Findings& out);
  void on(const Bar& bar, Findings& out);
  void finish(Findings& out);

 private:
  struct Range {
    std::int64_t low = 0;   // lowest bid
    std::int64_t high = 0;  // highest ask
    bool seen = false;
  };
  /// The minutes of one column that disagree and may yet be explained by the next minute.
  struct Difference {
    Code code{};
    std::string_view column;
    std::optional<Finding> pending;
    std::int64_t raw = 0;  // trades − kline of the pending minute
  };
  [[nodiscard]] std::optional<std::size_t> second_of(Timestamp ts) const;
  [[nodiscard]] std::optional<Range> quotes_around(std::size_t second) const;
  void compare(Difference& difference, Timestamp open, std::int64_t trades, std::int64_t kline,
               Findings& out) const;

  Timestamp start_;
  Day day_;
  std::vector<MinuteVolume> minutes_;
  std::vector<Range> quotes_;  // by second
  std::optional<Timestamp> first_trade_;
  std::optional<Timestamp> last_trade_;
  Difference volume_;
  Difference taker_;
};

}  // namespace toxvol::quality
