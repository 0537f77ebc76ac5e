#include "toxvol/quality/quote_ranges.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::quality {

namespace {

constexpr std::size_t kSeconds = 86'400;

void widen(QuoteRanges::Range& range, const QuoteRanges::Range& by) {
  range.low = std::min(range.low, by.low);
  range.high = std::max(range.high, by.high);
}

}  // namespace

QuoteRanges::QuoteRanges(Day day) : day_{day}, seconds_(kSeconds) {}

std::optional<std::size_t> QuoteRanges::second_of(Timestamp ts) const {
  const Timestamp start{day_};
  if (ts < start || ts >= start + kDay) return std::nullopt;
  return static_cast<std::size_t>((ts - start) / std::chrono::seconds{1});
}

void QuoteRanges::on(std::span<const Quote> quotes) {
  constexpr Duration kSecond = std::chrono::seconds{1};
  for (std::size_t i = 0; i < quotes.size();) {
    // A second at a time: quotes of one mostly follow one another.
    const auto second = second_of(quotes[i].ts_event);
    const Timestamp from = std::chrono::floor<std::chrono::seconds>(quotes[i].ts_event);
    Range range;
    for (; i < quotes.size(); ++i) {
      const Quote& quote = quotes[i];
      if (quote.ts_event < from || quote.ts_event >= from + kSecond) break;
      range.low = std::min(range.low, quote.bid.raw());
      range.high = std::max(range.high, quote.ask.raw());
    }
    if (second) widen(seconds_[*second], range);
  }
}

std::optional<QuoteRanges::Range> QuoteRanges::around(std::size_t second) const {
  if (second == 0 || second + 1 >= kSeconds) return std::nullopt;
  Range range;
  for (const std::size_t near : {second - 1, second, second + 1}) {
    if (seconds_[near].low == Range::kNone) return std::nullopt;
    widen(range, seconds_[near]);
  }
  return range;
}

}  // namespace toxvol::quality
