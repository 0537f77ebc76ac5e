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
#include "toxvol/engine/realistic/lines.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/realistic/ticks_at_once.hpp"
#include "toxvol/engine/seen_touch.hpp"
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
                const RealisticExchange& exchange, Lines& lines, const Delays& delays,
                TicksAtOnce& ticks_at_once, SeenTouch& seen, KnownMinutes* known);

  /// Whether ticks go by unseen at present, and until when they may.
  [[nodiscard]] bool is_on() const { return until_.has_value(); }
  [[nodiscard]] ExchangeTime until() const { return until_.value_or(kNever); }

  /// Looks away at `now` if it is worth it; the exchange is idle and nothing is on its way.
  bool begin(ExchangeTime now, const Watch& watch);
  /// Goes on looking away at `now`, if that is possible for any time.
  bool go_on(ExchangeTime now, const Watch& watch);
  /// Ticks are seen again: the exchange has had those before `now`, the strategy those that it sees
  /// before `seen`, and both know what they would.
  void end(ExchangeTime now, Timestamp seen);

  // While it is on:
  /// The strategy is called at `at`, when it has seen all that it sees before `seen`.
  void note_call(Timestamp at, Timestamp seen) { last_call_ = Call{.at = at, .seen = seen}; }
  /// The touch when the row of a bar is seen.
  [[nodiscard]] const std::optional<trading::Touch>& touch(const Bar& bar);
  /// The mark before `now`, where a minute ends then; anywhere else ticks are seen again.
  [[nodiscard]] std::optional<Mark> mark_or_end(ExchangeTime now);

 private:
  struct Call {
    Timestamp at{};
    Timestamp seen{};
  };

  void leave_out(ExchangeTime now);
  [[nodiscard]] ExchangeTime may_last(ExchangeTime now, const Watch& watch);
  [[nodiscard]] bool wakes(const KnownMinute& minute, const Watch& watch) const;
  [[nodiscard]] bool stands(const KnownMinute& minute, ExchangeTime begin, ExchangeTime end) const;
  [[nodiscard]] Price largest_tick(Timestamp begin) const;

  const Instrument& instrument_;
  ExchangeTime to_;
  const RealisticExchange& exchange_;
  Lines& lines_;
  const Delays& delays_;
  TicksAtOnce& ticks_at_once_;
  SeenTouch& seen_;
  KnownMinutes* known_;
  Duration lag_;  // a tick is seen at most so much after its ts_event
  std::optional<ExchangeTime> until_;
  ExchangeTime again_ = ExchangeTime::min();
  std::optional<Call> last_call_;
  std::optional<trading::Touch> none_;
};

}  // namespace toxvol::engine
