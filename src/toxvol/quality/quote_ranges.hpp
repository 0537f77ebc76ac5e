#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::quality {

/// The lowest bid and the highest ask of each second of a day: all that trades are compared with.
class QuoteRanges {
 public:
  struct Range {
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    std::int64_t low = kNone;  // then there is no quote
    std::int64_t high = std::numeric_limits<std::int64_t>::min();
  };

  explicit QuoteRanges(Day day);

  /// Quotes of another day are left out.
  void on(std::span<const Quote> quotes);
  /// Second of the day, nothing on another day.
  [[nodiscard]] std::optional<std::size_t> second_of(Timestamp ts) const;
  /// Of the second before to the second after, nothing unless each of the three has a quote: a
  /// sweep at the edge of a recording would look wrong.
  [[nodiscard]] std::optional<Range> around(std::size_t second) const;
  [[nodiscard]] Day day() const { return day_; }

 private:
  Day day_;
  std::vector<Range> seconds_;
};

}  // namespace toxvol::quality
