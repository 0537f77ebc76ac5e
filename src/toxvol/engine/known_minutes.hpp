#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"

namespace toxvol::engine {

/// The known minutes of a market, read one after another while a run goes on.
class KnownMinutes {
 public:
  /// The next minute, valid until the next call; null at the end. What `MinuteKeeper` gave.
  using Next = std::function<const KnownMinute*()>;

  explicit KnownMinutes(Next next) : next_{std::move(next)} {}

  /// The minute that begins then; null before the first and after the last. What lies more than
  /// `kHeld` before the latest that was asked for is gone. Valid until the next call.
  [[nodiscard]] const KnownMinute* at(Timestamp begin);
  static constexpr Duration kHeld = 60 * kMinute;

  /// The row of a bar, `bar` included. Throws `Error` where it is not known.
  const MinuteRow& row_of(const Bar& bar);

  /// The latest time from which on there are, before `end`, at least `trades` trades and a whole
  /// minute more; empty: there are none so many.
  [[nodiscard]] std::optional<Timestamp> trades_from(Timestamp end, std::int64_t trades) const;
  /// Where the minute begins that has the last usable quote before `end`; empty: there is none.
  [[nodiscard]] std::optional<Timestamp> quotes_from(Timestamp end) const;

 private:
  /// How many there were of all minutes up to one and with it.
  struct Count {
    std::int64_t trades = 0;
    std::int64_t usable_quotes = 0;
  };

  /// How many of `counts_` are of minutes that begin before `end`.
  [[nodiscard]] std::size_t before(Timestamp end) const;
  [[nodiscard]] Timestamp minute(std::size_t index) const {
    return first_ + static_cast<std::int64_t>(index) * kMinute;
  }

  Next next_;
  std::deque<KnownMinute> held_;
  std::vector<Count> counts_;  // of each minute so far
  Timestamp first_{};          // where they begin
  MinuteRow row_;
};

}  // namespace toxvol::engine
