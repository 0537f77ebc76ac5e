#pragma once

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/bar_exit.hpp"
#include "toxvol/engine/books/minute_samples.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/seen_touch.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// Where commands go: to our imitation of NautilusTrader's venue (`NativeVenue`), or to its own
/// (`HostedVenue`).
template <class V>
concept Venue = requires(V venue, const trading::Submit& submit, trading::OrderId id, Timestamp now,
                         const std::optional<trading::Touch>& touch) {
  venue.submit(submit, now, touch);
  venue.cancel(id, now);
};

/// The strategy's side of a run in NautilusTrader's order of events: one clock, `ts_init`; folding,
/// the calls that the strategy asked for, its commands, samples of equity. The same for the native
/// loop and for NautilusTrader's, so that a difference between them is the venue's.
template <trading::Strategy S, trading::Folding F, Venue V>
class StrategySide {
 public:
  static constexpr Timestamp kLater = Timestamp::max();

  /// The references outlive it.
  StrategySide(const EngineParams& params, const Instrument& instrument, S& strategy, F& folding,
               Bookkeeper& bookkeeper, V& venue)
      : strategy_{strategy},
        folding_{folding},
        bookkeeper_{bookkeeper},
        venue_{venue},
        feed_{feed_of(params.inputs)},
        from_{params.from},
        to_{params.to},
        // NautilusTrader has one tick for the whole run, and takes a quote of any age.
        seen_{{{Timestamp{}, at(instrument.tick, params.from)}}, instrument.lot, Duration::max()},
        samples_{params.from, params.to} {
    watch_.read(strategy_.wake());
  }
  StrategySide(const StrategySide&) = delete;
  StrategySide& operator=(const StrategySide&) = delete;
  ~StrategySide() = default;

  [[nodiscard]] Timestamp now() const { return now_; }
  /// From here on the venue is closed.
  [[nodiscard]] bool is_over() const { return now_ >= to_; }
  [[nodiscard]] Feed feed() const { return feed_; }

  /// Time passes to `ts`: equity at every minute's end until then, of what lies before it.
  void reach(Timestamp ts) {
    now_ = std::max(now_, ts);
    samples_.take_until(now_, sampler());
  }
  /// The run ends at `to`, where that was not known before.
  void end(Timestamp to) {
    to_ = to;
    samples_.end(to, sampler());
  }

  // ---- a datum at `now`, after the venue has seen it ----
  void on(const Quote& quote) {
    if (is_sound(quote)) folding_.on(quote);  // G9: the venue knows books with an empty side
    seen_.on(quote);
    give_touch(quote.bid, quote.ask);
  }
  void on(const Trade& trade) {
    folding_.on(trade);
    seen_.on(trade);
    if (watch_.wants_trade(trade.price, now_)) {
      call(trading::TradeSeen{.ts_seen = now_, .trade = trade});
    }
    if (seen_.is_of_trade(now_)) give_touch(seen_.trade_bid(), seen_.trade_ask());  // X21
  }
  void on(const Bar& bar) {
    if (feed_ == Feed::Bars) {
      exit_on_bar(bar);
      seen_.on(bar);
    }
    call(trading::RowSeen{.ts_seen = now_, .row = folding_.close(bar), .touch = seen_.value()});
  }
  void on(const Metrics& metrics) {
    call(trading::MetricsSeen{.ts_seen = now_, .metrics = metrics});
  }
  void on(const Funding& funding) {
    bookkeeper_.books().learn_rate(funding.rate);
    call(trading::FundingSeen{.ts_seen = now_, .funding = funding});
  }

  // ---- alarms ----
  /// The next one that is still to ring.
  [[nodiscard]] Timestamp alarm() const {
    const Timestamp alarm = watch_.alarm();
    return alarm == rung_ || alarm >= to_ ? kLater : alarm;
  }
  void ring() {
    rung_ = watch_.alarm();
    call(trading::AlarmSeen{.ts_seen = now_});
  }

  /// Order events and fills of what has just happened.
  void tell() {
    Outbox& events = bookkeeper_.events();
    while (!events.empty()) {
      const Outbox::Item item = events.pop();
      std::visit([this](const auto& event) { strategy_.on(event); }, item.event);
      watch_.read(strategy_.wake());
      bookkeeper_.books().note_levels(item.position, strategy_.stop(), strategy_.take_profit());
    }
  }

 private:
  /// Bars only: the position's stop, else its target, was reached inside the bar: the exit is sent
  /// before the row is looked at, and fills where the bar left the market.
  void exit_on_bar(const Bar& bar) {
    using trading::Role;
    if constexpr (requires(S& s) { s.exit_on_bar(Role{}, Price{}, Timestamp{}); }) {
      const Qty position = bookkeeper_.ledger().position();
      if (position == Qty{} || is_over()) return;
      const auto exit = bar_exit(bar, position > Qty{}, strategy_.stop(), strategy_.take_profit());
      if (!exit) return;
      const trading::Submit submit = strategy_.exit_on_bar(exit->role, exit->trigger, now_);
      watch_.read(strategy_.wake());
      send(submit);
    }
  }

  /// The datum that was just seen shows these prices.
  void give_touch(Price bid, Price ask) {
    if (!watch_.wants_quote(bid, ask, now_)) return;
    seen_.look(now_);
    if (const auto touch = seen_.value()) {
      call(trading::QuoteSeen{.ts_seen = now_, .touch = *touch});
    }
  }

  template <class Event>
  void call(const Event& event) {
    seen_.look(now_);
    commands_.clear();
    strategy_.on(event, commands_);
    for (const trading::Command& command : commands_) send(command);
    watch_.read(strategy_.wake());
    tell();
  }

  void send(const trading::Command& command) {
    require_trading(now_, from_);
    if (const auto* submit = std::get_if<trading::Submit>(&command)) {
      venue_.submit(*submit, now_, seen_.value());
    } else {
      venue_.cancel(std::get<trading::Cancel>(command).id, now_);
    }
  }

  [[nodiscard]] auto sampler() {
    return [this](Timestamp ts, trading::EquityCause cause) { bookkeeper_.sample(ts, cause); };
  }

  S& strategy_;
  F& folding_;
  Bookkeeper& bookkeeper_;
  V& venue_;
  Feed feed_;
  Timestamp from_;
  Timestamp to_;

  SeenTouch seen_;
  Watch watch_;
  std::vector<trading::Command> commands_;
  Timestamp now_{Duration::min()};
  Timestamp rung_ = kLater;
  MinuteSamples<Timestamp> samples_;
};

}  // namespace toxvol::engine
