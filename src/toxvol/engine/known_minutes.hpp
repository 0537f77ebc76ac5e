#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

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
  [[nodiscard]] std::optional<Timestamp> trades_from(Timestamp end, std::int64_t trades);
  /// The same of a quote and of a usable quote.
  [[nodiscard]] std::optional<Timestamp> quotes_from(Timestamp end);

 private:
  /// What is remembered of each minute until it was asked for.
  struct Count {
    Timestamp begin{};
    std::int64_t trades = 0;
    std::int64_t quotes = 0;
    std::int64_t usable_quotes = 0;
  };

  Next next_;
  std::deque<KnownMinute> held_;
  std::deque<Count> counts_;
  MinuteRow row_;
  bool at_end_ = false;
};

}  // namespace toxvol::engine
