#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::quality {

/// Compares kinds of one day: aggTrades volume and taker-buy volume against the kline of the same
/// minute, trades against the quotes around them. Feed all quotes of the day, then its trades, then
/// its bars, then `finish`.
class CrossChecker {
 public:
  explicit CrossChecker(Day day) : CrossChecker{QuoteRanges{day}} {}
  /// All quotes of the day have been seen.
  explicit CrossChecker(QuoteRanges quotes);
  void on(std::span<const Quote> quotes) { quotes_.on(quotes); }
  void on(const Trade& trade, Findings& out);
  void on(const Bar& bar, Findings& out);
  void finish(Findings& out);

 private:
  /// What the trades of a minute add up to.
  struct MinuteVolume {
    std::int64_t volume_e8 = 0;
    std::int64_t taker_buy_e8 = 0;
  };
  /// The minutes of one column that disagree and may yet be explained by the next minute.
  struct Difference {
    Code code{};
    std::string_view column;
    std::optional<Finding> pending;
    std::int64_t raw = 0;  // trades − kline of the pending minute
  };
  void compare(Difference& difference, Timestamp open, std::int64_t trades, std::int64_t kline,
               Findings& out) const;

  Timestamp start_;
  Day day_;
  std::vector<MinuteVolume> minutes_;
  QuoteRanges quotes_;
  std::optional<Timestamp> first_trade_;
  std::optional<Timestamp> last_trade_;
  Difference volume_;
  Difference taker_;
};

}  // namespace toxvol::quality
