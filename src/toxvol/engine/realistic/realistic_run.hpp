#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/bar_exit.hpp"
#include "toxvol/engine/books/minute_samples.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/market_touch.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/desk.hpp"
#include "toxvol/engine/realistic/line.hpp"
#include "toxvol/engine/realistic/lines.hpp"
#include "toxvol/engine/realistic/minutes_unseen.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/realistic/ticks_at_once.hpp"
#include "toxvol/engine/seen_touch.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// A run: recorded streams on one side, a strategy on the other, an exchange between them. Two
/// clocks in step: the exchange handles all of a millisecond by `ts_event` (X2), then the strategy
/// is given what it sees within that millisecond (X3). No command acts before the next millisecond,
/// so neither can get ahead of the other. The loop knows no fill rule. docs/engine.md.
template <trading::Strategy S, trading::Folding F>
class RealisticRun {
 public:
  /// Throws `Error` where parameters and instrument do not fit. The references outlive the run.
  /// `known`: of this market, folded and seen alike; null where it is not known.
  RealisticRun(EngineParams params, Instrument instrument, S& strategy, F& folding,
               trading::Recorder& recorder, KnownMinutes* known = nullptr)
      : params_{(validate(params, instrument), std::move(params))},
        instrument_{std::move(instrument)},
        strategy_{strategy},
        folding_{folding},
        latency_{params_.exchange, params_.seed},
        delays_{params_, latency_},
        seen_{instrument_.tick, instrument_.lot, params_.exchange.max_touch_age},
        desk_{latency_, seen_.value(), outbox_, recorder},
        account_{params_, instrument_, latency_, outbox_, recorder},
        exchange_{params_, instrument_, desk_, account_},
        ticks_at_once_{params_, instrument_, exchange_, lines_.trades, lines_.quotes, delays_},
        unseen_{params_, instrument_, exchange_, lines_, delays_, ticks_at_once_, seen_, known},
        feed_{feed_of(params_.inputs)},
        from_{exchange_time(params_.from)},
        to_{exchange_time(params_.to)},
        samples_{from_, to_} {}
  RealisticRun(const RealisticRun&) = delete;
  RealisticRun& operator=(const RealisticRun&) = delete;
  ~RealisticRun() = default;

  /// Once. Throws `Error` (a stream's, or a strategy that trades before `from`) and `Interrupted`.
  void run(MarketData& data, Progress& progress) {
    progress.begin("backtest", (params_.to - params_.from) / kMinute);
    start(data, progress);
    advance(std::nullopt);
    finish();
  }

  /// The same in pieces, so that several runs go through one market side by side: `start`,
  /// `advance` up to ever later times, at last without one, `finish`. The references outlive it.
  void start(MarketData& data, Progress& progress) {
    lines_.open(data, params_, ticks_at_once_.trades_history(), ticks_at_once_.quotes_history(),
                delays_);
    progress_ = &progress;
    watch_.read(strategy_.wake());
  }
  /// Everything before the millisecond of `until`.
  void advance(std::optional<Timestamp> until) {
    const ExchangeTime end = until ? exchange_time(*until) : kNever;
    while (true) {
      const ExchangeTime market = next_market();
      const ExchangeTime next = std::min(market, next_delivery());
      if (next >= end) return;
      if (look_away(next) || pass_ticks(next, end) || run_ticks(next, end)) continue;
      if (next == market) handle(next);
      deliver(next);
    }
  }
  void finish() {
    progress_->advance(0, std::exchange(rows_since_, 0));
    desk_.finish();
    account_.books().finish();
  }

 private:
  static constexpr Timestamp kLater = Timestamp::max();
  static constexpr Milliseconds kOne{1};

  [[nodiscard]] bool has_ticks() const { return feed_ != Feed::Bars; }

  // ---- the exchange's clock ----

  [[nodiscard]] Timestamp bar_event() const {
    const Timestamp end = lines_.bars.event;
    return bar_is_open_ || end == kLater ? end : end - kMinute;
  }

  /// The next millisecond in which the exchange has anything to do, `kNever` if there is none.
  [[nodiscard]] ExchangeTime next_market() const {
    const Timestamp tick =
        std::min({lines_.trades.event, lines_.quotes.event, lines_.funding.event, bar_event()});
    const ExchangeTime next =
        std::min({exchange_time_or_never(tick), samples_.next(), unseen_.until()});
    const ExchangeTime arrival = desk_.next_arrival();
    return arrival < to_ ? std::min(next, arrival) : next;  // at `to` or later none acts
  }

  void handle(ExchangeTime now) {
    const Timestamp end = now + kOne;
    std::optional<Bar> closing;
    if (bar_is_open_ && lines_.bars.event < end) {
      if (!has_ticks()) {
        closing = *lines_.bars.rows.front();
        exchange_.mark_close(*closing);
      }
      lines_.bars.pop_front();
      bar_is_open_ = false;
    }
    // What belongs to this instant uses all that happened before it: funding, then the minute.
    if (pay_funding(now, end)) exchange_.check_liquidation(now);
    if (unseen_.is_on() && samples_.next() <= now) {
      if (const std::optional<Mark> mark = unseen_.mark_or_end(now)) account_.mark_at(*mark);
    }
    samples_.take_until(
        now, [this](ExchangeTime at, trading::EquityCause cause) { account_.sample(at, cause); });
    if (now >= to_) return;
    if (closing) close_bar(*closing, now);
    while (desk_.next_arrival() == now) act(desk_.pop(), now);
    if (lines_.bars.event != kLater && !bar_is_open_ && lines_.bars.event - kMinute < end) {
      open_bar(*lines_.bars.rows.front(), now);
      bar_is_open_ = true;
    }
    ticks_at_once_.handle_until(end, now);
  }

  // ---- minutes whose ticks are not read ----

  /// Where no tick can matter at `now`, ticks are not read from here on; where one can again, they
  /// are. False: nothing has changed.
  bool look_away(ExchangeTime now) {
    if (unseen_.is_on()) {
      if (now < unseen_.until() || unseen_.go_on(now, watch_)) return false;
      unseen_.end(now, now);
      return true;
    }
    return exchange_.is_idle(now) && desk_.next_arrival() == kNever && outbox_.empty() &&
           unseen_.begin(now, watch_);
  }

  /// Up to `end`, nothing but ticks is due before.
  [[nodiscard]] ExchangeTime quiet_until(ExchangeTime end) const {
    const Timestamp due =
        std::min({lines_.next_row(), order_event(), alarm(), lines_.funding.event, bar_event()});
    return std::min({end, to_, samples_.next(), desk_.next_arrival(), exchange_time_or_never(due)});
  }

  /// Where nothing of ours is on its way and nothing is due at `now`: passes the ticks up to the
  /// next time when that may change. False: there is nothing to pass.
  bool pass_ticks(ExchangeTime now, ExchangeTime end) {
    if (unseen_.is_on() || !ticks_at_once_.may_begin(now) || desk_.next_arrival() != kNever) {
      return false;
    }
    end = std::min(quiet_until(end), exchange_time_or_never(watch_.at()));
    end = ticks_at_once_.pass(now, end, watch_);
    if (end > now) see_ticks(end);
    return end > now;
  }

  /// While something of ours is at the exchange and no tick wakes the strategy: the exchange has
  /// its ticks one by one, then the strategy is shown them at once. False: there are none such.
  bool run_ticks(ExchangeTime now, ExchangeTime end) {
    if (unseen_.is_on() || exchange_.is_idle(now)) return false;
    end = ticks_at_once_.calm_until(now, quiet_until(end), watch_);
    if (end <= now) return false;
    const Timestamp event = order_event();
    const auto is_over = [this, event] { return order_event() != event; };
    const ExchangeTime last = ticks_at_once_.handle_calm(now, end, is_over);
    see_ticks(last);
    if (is_over()) deliver(last);
    return true;
  }

  /// Shows the strategy at once what it sees before `end`; none of it wakes it.
  void see_ticks(ExchangeTime end) {
    now_ = std::max(now_, ticks_at_once_.pass_strategy(end, [this](const auto& rows) {
      folding_.on(rows);
      seen_.on(rows);
      rows_since_ += std::ssize(rows);
    }));
  }

  /// Books settlements of this millisecond; true if one was booked.
  bool pay_funding(ExchangeTime now, Timestamp end) {
    bool paid = false;
    while (lines_.funding.event < end) {
      const Funding& funding = *lines_.funding.rows.front();
      account_.books().learn_rate(funding.rate);
      if (params_.costs.funding && params_.inputs.funding && now >= from_) {
        if (account_.ledger().position() != Qty{}) ticks_at_once_.catch_up(now);
        account_.fund(funding, now);
        paid = true;
      }
      lines_.funding.pop_front();
    }
    return paid;
  }

  using enum trading::CommandOutcome;
  void act(const Desk::Arrival& arrival, ExchangeTime now) {
    if (!arrival.is_cancel) {
      settle(arrival, exchange_.arrive(*arrival.order, now), now);
      return;
    }
    desk_.settle(arrival, exchange_.cancel(arrival.order, now) ? Accepted : TooLate, now);
  }
  void settle(const Desk::Arrival& arrival, bool is_accepted, ExchangeTime now) {
    desk_.settle(arrival, is_accepted ? Accepted : Rejected, now);
  }

  /// Bars only (X22): what fills the orders that wait. With ticks (N4), where the minute has
  /// volume and no tick shows it: nobody knows that before it is over, so nobody is told.
  void open_bar(const Bar& bar, ExchangeTime now) {
    if (has_ticks()) {
      if (!exchange_.is_waiting() || bar.volume == Qty{} || lines_.trades.event < bar.ts_event ||
          lines_.quotes.rows.find_front(bar.ts_event, MarketTouch::is_usable) != nullptr) {
        return;
      }
      outbox_.not_before(bar.ts_event + latency_.of_data(Delivery::Bar, to_ns(bar.ts_event)));
    }
    exchange_.on_open(bar, now);
  }

  /// X22: the position's levels before what rests.
  void close_bar(const Bar& bar, ExchangeTime now) {
    using trading::Role;
    if constexpr (requires(S& s) { s.exit_on_bar(Role{}, Price{}, Timestamp{}); }) {
      const Qty position = account_.ledger().position();
      if (position != Qty{}) {
        const auto target = exchange_.has_resting_exit() ? std::nullopt : strategy_.take_profit();
        if (const auto exit = bar_exit(bar, position > Qty{}, strategy_.stop(), target)) {
          const trading::Submit submit = strategy_.exit_on_bar(exit->role, exit->trigger, now);
          watch_.read(strategy_.wake());
          const Desk::Arrival arrival = desk_.place_at_once(submit, now, now);
          settle(arrival, exchange_.fill_on_bar(*arrival.order, exit->price, now), now);
        }
      }
    }
    exchange_.on_close(bar, now);
  }

  // ---- the strategy's clock ----

  [[nodiscard]] Timestamp alarm() const { return watch_.next_alarm(now_, params_.to); }
  [[nodiscard]] Timestamp order_event() const {
    return outbox_.empty() ? kLater : outbox_.next_seen();
  }

  [[nodiscard]] ExchangeTime next_delivery() const {
    return exchange_time_or_never(std::min(
        {lines_.trades.seen, lines_.quotes.seen, lines_.next_row(), order_event(), alarm()}));
  }

  /// Everything seen within the millisecond, in order: at equal times order events, the alarm,
  /// trades, quotes, rows, metrics, funding.
  void deliver(ExchangeTime now) {
    const Timestamp end = now + kOne;
    while (true) {
      give_ticks(std::min(order_event(), alarm()), std::min(lines_.next_row(), end - Duration{1}));
      const Timestamp event = order_event();
      const Timestamp ring = alarm();
      const Timestamp next =
          std::min({event, ring, lines_.trades.seen, lines_.quotes.seen, lines_.next_row()});
      if (next >= end) return;
      now_ = next;
      if (event == next) {
        give_order_event();
      } else if (ring == next) {
        watch_.ring();
        call(trading::AlarmSeen{.ts_seen = next});
      } else if (lines_.trades.seen == next || lines_.quotes.seen == next) {
        continue;  // the strategy was called: look again at what is due first
      } else if (lines_.bars.seen == next) {
        give_row();
      } else if (lines_.metrics.seen == next) {
        call(trading::MetricsSeen{.ts_seen = next, .metrics = *lines_.metrics.rows.back()});
        lines_.metrics.pop_back(delays_);
      } else {
        call(trading::FundingSeen{.ts_seen = next, .funding = *lines_.funding.rows.back()});
        lines_.funding.pop_back(delays_);
      }
    }
  }

  /// Ticks are nearly all there is: those that are seen before `first`, and not after `last`, until
  /// the strategy is called; true if it was.
  bool give_ticks(Timestamp first, Timestamp last) {
    while (true) {
      const bool is_trade = lines_.trades.seen <= lines_.quotes.seen;
      const Timestamp seen = is_trade ? lines_.trades.seen : lines_.quotes.seen;
      if (seen >= first || seen > last) return false;
      if (is_trade ? give_trade() : give_quote()) return true;
    }
  }

  /// True if the strategy was called.
  bool give_trade() {
    const Trade& trade = *lines_.trades.rows.back();
    now_ = lines_.trades.seen;
    ++rows_since_;
    folding_.on(trade);
    seen_.on(trade);
    bool called = false;
    if (watch_.wants_trade(trade.price, now_)) {
      call(trading::TradeSeen{.ts_seen = now_, .trade = trade});
      called = true;
    }
    if (seen_.is_of_trade(now_)) {  // X21
      called |= give_touch(seen_.trade_bid(), seen_.trade_ask());
    }
    lines_.trades.pop_back(delays_);
    return called;
  }

  bool give_quote() {
    const Quote& quote = *lines_.quotes.rows.back();
    now_ = lines_.quotes.seen;
    ++rows_since_;
    folding_.on(quote);
    seen_.on(quote);
    const bool called = give_touch(quote.bid, quote.ask);
    lines_.quotes.pop_back(delays_);
    return called;
  }

  /// The datum that was just seen shows these prices.
  bool give_touch(Price bid, Price ask) {
    if (!watch_.wants_quote(bid, ask, now_)) return false;
    seen_.look(now_);
    const auto touch = seen_.value();
    if (touch) call(trading::QuoteSeen{.ts_seen = now_, .touch = *touch});
    return touch.has_value();
  }

  void give_row() {
    const Bar& bar = *lines_.bars.rows.back();
    if (!has_ticks()) seen_.on(bar);
    last_close_ = bar.close;
    call(trading::RowSeen{.ts_seen = now_,
                          .row = folding_.close(bar),
                          .touch = unseen_.is_on() ? unseen_.touch(bar) : seen_.value()});
    if (bar.ts_event > params_.from) progress_->advance(1, std::exchange(rows_since_, 0));
    lines_.bars.pop_back(delays_);
  }

  void give_order_event() {
    const Outbox::Item item = outbox_.pop();
    std::visit([this](const auto& event) { strategy_.on(event); }, item.event);
    watch_.read(strategy_.wake());
    account_.books().note_levels(item.position, strategy_.stop(), strategy_.take_profit());
  }

  template <class Event>
  void call(const Event& event) {
    // Of the ticks of its instant it has seen all, but for those that the alarm comes before.
    const Timestamp seen = std::is_same_v<Event, trading::AlarmSeen> ? now_ : now_ + Duration{1};
    if (unseen_.is_on()) {
      unseen_.note_call(now_, seen);
    } else {
      seen_.look(now_);
    }
    commands_.clear();
    strategy_.on(event, commands_);
    watch_.read(strategy_.wake());
    if (unseen_.is_on() && (!commands_.empty() || !unseen_.go_on(exchange_time(now_), watch_))) {
      unseen_.end(exchange_time(now_) + kOne, seen);
    }
    for (const trading::Command& command : commands_) send(command);
  }

  void send(const trading::Command& command) {
    require_trading(now_, params_.from);
    const ExchangeTime at = exchange_time(now_);
    ticks_at_once_.catch_up(at);
    const auto* submit = std::get_if<trading::Submit>(&command);
    if (submit != nullptr && submit->same_close && last_close_ && at < to_) {  // X24
      outbox_.not_before(now_);
      const Desk::Arrival arrival = desk_.place_at_once(*submit, now_, at);
      settle(arrival, exchange_.fill_same_close(*arrival.order, *last_close_, at), at);
    } else {
      desk_.send(command, now_);
    }
  }

  EngineParams params_;
  Instrument instrument_;
  S& strategy_;
  F& folding_;

  LatencyModel latency_;
  Delays delays_;
  Outbox outbox_;
  SeenTouch seen_;
  Desk desk_;
  Account account_;
  RealisticExchange exchange_;

  Lines lines_;
  TicksAtOnce ticks_at_once_;
  MinutesUnseen unseen_;
  bool bar_is_open_ = false;         // the exchange is inside its next bar
  std::optional<Price> last_close_;  // of the row last seen

  Watch watch_;
  std::vector<trading::Command> commands_;
  Timestamp now_{Duration::min()};  // the strategy's
  Feed feed_;
  ExchangeTime from_;
  ExchangeTime to_;
  MinuteSamples<ExchangeTime> samples_;
  Progress* progress_ = nullptr;
  std::int64_t rows_since_ = 0;
};

}  // namespace toxvol::engine
