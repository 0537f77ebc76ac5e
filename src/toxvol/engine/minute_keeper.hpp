#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <span>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/seen_touch.hpp"

namespace toxvol::engine {

/// Makes the known minutes of a market while a run goes through all of its ticks.
class MinuteKeeper {
 public:
  /// Is given each minute from `begin` to the last before `to`, in order.
  using Sink = std::function<void(const KnownMinute&)>;

  /// No tick and no minute of a bar is before `begin`, a whole minute.
  MinuteKeeper(const EngineParams& params, const Instrument& instrument, Timestamp begin,
               Sink sink);

  /// What the run reads, before it handles it.
  void read(std::span<const Trade> trades);
  void read(std::span<const Quote> quotes);
  /// What its strategy sees, in that order.
  void see(const Trade& trade) { touch_.on(trade); }
  void see(const Quote& quote) { touch_.on(quote); }
  void see(std::span<const Trade> trades) { touch_.on(trades); }
  void see(std::span<const Quote> quotes) { touch_.on(quotes); }
  /// The row that its strategy is about to see. All ticks of the minute have been read.
  void close(const MinuteRow& row);
  /// After the last tick and row.
  void finish();

 private:
  struct Open {
    explicit Open(Timestamp begin) { minute.begin = begin; }
    KnownMinute minute;
    std::optional<Timestamp> last_trade;
    std::optional<Timestamp> last_quote;
    Mark trade_mark;
    Mark quote_mark;
  };

  [[nodiscard]] Open& at(Timestamp begin);
  void give_until(Timestamp end);

  Instrument instrument_;
  Duration row_delay_;  // from ts_init until the strategy sees a row
  Timestamp to_;
  Sink sink_;
  SeenTouch touch_;
  std::deque<Open> open_;  // one minute after another; none has been given away
  std::optional<Mark> mark_;
};

}  // namespace toxvol::engine
