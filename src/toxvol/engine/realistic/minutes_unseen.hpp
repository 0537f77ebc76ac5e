#pragma once

#include <optional>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/line.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// Minutes whose ticks are not even read, because what is known of them says that none of them can
/// matter: nothing of ours is at the exchange, no price wakes the strategy and none liquidates the
/// position. Nothing that a run leaves depends on it. docs/engine.md#known-minutes
class MinutesUnseen {
 public:
  /// Whether a run with these parameters can have minutes unseen: ticks are passed at once, and
  /// the strategy is not told of them much later.
  [[nodiscard]] static bool is_possible(const EngineParams& params);

  /// `known` may be null: every tick is read. The references outlive it.
  MinutesUnseen(const EngineParams& params, const Instrument& instrument,
                const RealisticExchange& exchange, Line<Trade>& trades, Line<Quote>& quotes,
                const Delays& delays, KnownMinutes* known);

  /// Whether ticks go by unseen at present, and until when they may.
  [[nodiscard]] bool is_on() const { return until_.has_value(); }
  [[nodiscard]] ExchangeTime until() const { return until_.value_or(kNever); }

  /// Looks away at `now` if it is worth it; the exchange is idle, nothing is on its way, and but
  /// for rows, metrics and the alarm nothing is due before `end`.
  bool begin(ExchangeTime now, ExchangeTime end, const Watch& watch);
  /// Goes on looking away at `now`, if that is possible for any time.
  bool go_on(ExchangeTime now, ExchangeTime end, const Watch& watch);
  /// Ticks are to be seen again from `now` on: both lines stand where what they have before it is
  /// enough of the past. Gives whether trades were left out.
  bool end(ExchangeTime now);

  /// While it is on: the mark at the end of the minute that ends at `now`, and the touch when the
  /// row of a bar is seen.
  [[nodiscard]] std::optional<Mark> mark(ExchangeTime now);
  [[nodiscard]] const std::optional<trading::Touch>& touch(const Bar& bar);

 private:
  [[nodiscard]] ExchangeTime may_last(ExchangeTime now, ExchangeTime end, const Watch& watch);
  [[nodiscard]] bool wakes(const KnownMinute& minute, const Watch& watch) const;
  [[nodiscard]] bool stands(const KnownMinute& minute, ExchangeTime begin, ExchangeTime end) const;
  [[nodiscard]] Price largest_tick(Timestamp begin) const;

  const Instrument& instrument_;
  const RealisticExchange& exchange_;
  Line<Trade>& trades_;
  Line<Quote>& quotes_;
  const Delays& delays_;
  KnownMinutes* known_;
  Duration lag_;  // a tick is seen at most so much after its ts_event
  std::optional<ExchangeTime> until_;
  ExchangeTime again_ = ExchangeTime::min();
  std::optional<trading::Touch> none_;
};

}  // namespace toxvol::engine
