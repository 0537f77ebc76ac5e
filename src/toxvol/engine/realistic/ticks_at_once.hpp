#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/line.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/watch.hpp"

namespace toxvol::engine {

/// Ticks on their way to exchange and strategy, and the stretches of them in which none can wake
/// the strategy, which is then shown them at once. Where nothing of ours is at the exchange either,
/// and none can liquidate the position, it passes them at once too; what it would know of each is
/// made up for when it is needed. Nothing that a run leaves depends on it.
/// docs/engine.md#passed-ticks
class TicksAtOnce {
 public:
  /// Whether a run with these parameters passes ticks: not where each has a delay of its own.
  [[nodiscard]] static bool is_possible(const EngineParams& params);

  /// The references outlive it.
  TicksAtOnce(const EngineParams& params, const Instrument& instrument, RealisticExchange& exchange,
              Line<Trade>& trades, Line<Quote>& quotes, const Delays& delays);

  /// What of the past is to be held.
  [[nodiscard]] History trades_history() const;
  [[nodiscard]] History quotes_history() const;

  [[nodiscard]] bool may_begin(ExchangeTime now) const {
    return is_on_ && now >= again_ && exchange_.is_idle(now);
  }
  /// After `may_begin`; before `end` nothing but ticks is due. Passes what the exchange has from
  /// `now` on, at most up to `end`. Gives up to when, for the strategy; `now` where there is no
  /// stretch long enough.
  [[nodiscard]] ExchangeTime pass(ExchangeTime now, ExchangeTime end, const Watch& watch);

  /// Passes what the exchange has before `end`; none of it moves anything of ours.
  void pass_exchange(ExchangeTime end) {
    is_behind_ = true;
    show_exchange(end);
  }
  /// Passes what the strategy sees before `end`, and shows it to `see(rows)`; none of it wakes it.
  /// Gives when it saw the last one.
  template <class See>
  Timestamp pass_strategy(Timestamp end, See see) {
    return std::max(see_before(trades_, end, see), see_before(quotes_, end, see));
  }

  /// Up to when no tick wakes the strategy, `end` or the next quarter of a second at most; `now`
  /// where ticks have to be shown to it one by one. Before `end` nothing but ticks is due.
  [[nodiscard]] ExchangeTime calm_until(ExchangeTime now, ExchangeTime end, const Watch& watch);
  /// The exchange's ticks from `now` to before `end`, a millisecond after the other, until
  /// `is_over()` or nothing of ours is there. Gives that millisecond, or `end`.
  template <class IsOver>
  [[nodiscard]] ExchangeTime handle_calm(ExchangeTime now, ExchangeTime end, IsOver is_over) {
    while (now < end && !exchange_.is_idle(now)) {
      handle_until(now + Milliseconds{1}, now);
      if (is_over()) return now;
      now = exchange_time_or_never(std::min(trades_.event, quotes_.event));
    }
    return std::min(now, end);
  }

  /// The ticks of the exchange before `end`, one by one: trades, then quotes.
  void handle_until(Timestamp end, ExchangeTime now) {
    for (; trades_.event < end; trades_.pop_front()) handle(*trades_.rows.front(), now);
    for (; quotes_.event < end; quotes_.pop_front()) handle(*quotes_.rows.front(), now);
  }

  /// Before anything of ours goes to the exchange, and before it may liquidate.
  void catch_up(ExchangeTime now) {
    if (is_behind_) make_up(now);
  }

 private:
  template <class Tick>
  void handle(const Tick& tick, ExchangeTime now) {
    if (is_behind_) {
      const Mark mark = exchange_.mark_of(tick);
      if (exchange_.stands(mark, mark, now, now)) {
        exchange_.pass(std::span{&tick, 1});
        return;
      }
      catch_up(now);
    }
    exchange_.on(tick, now);
  }
  /// Where the stretch from `now` on ends; `now` where it is too short.
  [[nodiscard]] ExchangeTime stretch(ExchangeTime now, ExchangeTime end, const Watch& watch);
  [[nodiscard]] ExchangeTime first_wanted(ExchangeTime end, const Watch& watch);
  [[nodiscard]] bool stands_until(ExchangeTime now, ExchangeTime end);
  [[nodiscard]] Price largest_tick(Timestamp begin, Timestamp end) const;
  void show_exchange(Timestamp end);
  void make_up(ExchangeTime now);

  /// Gives when the last of them is seen.
  template <class Record, class See>
  Timestamp see_before(Line<Record>& line, Timestamp end, See& see) {
    Timestamp last{Duration::min()};
    if (line.seen >= end) return last;
    const Record& first = *line.rows.back();
    const Duration delay = delays_.seen(first) - first.ts_init;  // of all of them
    line.rows.pass_back(end - delay, [&](std::span<const Record> rows) {
      see(rows);
      last = rows.back().ts_init + delay;
    });
    line.refresh_back(delays_);
    return last;
  }

  const EngineParams& params_;
  const Instrument& instrument_;
  RealisticExchange& exchange_;
  Line<Trade>& trades_;
  Line<Quote>& quotes_;
  const Delays& delays_;
  bool is_on_;
  bool sees_at_once_;       // each kind of tick is seen after the same time
  bool is_behind_ = false;  // ticks were passed and not made up for
  ExchangeTime again_ = ExchangeTime::min();
};

}  // namespace toxvol::engine
