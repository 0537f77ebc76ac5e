#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/engine.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/seen_touch.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {

/// Where commands go: the native `Nautilus1221`, or NautilusTrader's own venue (`ReportedVenue`).
template <class V>
concept NautilusVenue = requires(V venue, const trading::Submit& submit, trading::OrderId id,
                                 Timestamp now, const std::optional<trading::Touch>& touch) {
  venue.submit(submit, now, touch);
  venue.cancel(id, now);
};

/// The strategy's side of a run in NautilusTrader's order of events: one clock, `ts_init`; folding,
/// the calls that the strategy asked for, its commands, samples of equity. The same for the native
/// loop and for NautilusTrader's, so that a difference between them is the venue's.
template <trading::Strategy S, trading::Folding F, NautilusVenue V>
class NautilusListener {
 public:
  static constexpr Timestamp kLater = Timestamp::max();

  /// The references outlive it.
  NautilusListener(const EngineParams& params, const Instrument& instrument, S& strategy,
                   F& folding, NautilusJournal& journal, V& venue)
      : strategy_{strategy},
        folding_{folding},
        journal_{journal},
        venue_{venue},
        feed_{feed_of(params.inputs)},
        from_{params.from},
        to_{params.to},
        // NautilusTrader has one tick for the whole run, and takes a quote of any age.
        seen_{{{Timestamp{}, at(instrument.tick, params.from)}}, instrument.lot, Duration::max()},
        next_sample_{params.from} {
    watch_.read(strategy_.wake());
  }
  NautilusListener(const NautilusListener&) = delete;
  NautilusListener& operator=(const NautilusListener&) = delete;

  [[nodiscard]] Timestamp now() const { return now_; }
  /// From here on the venue is closed.
  [[nodiscard]] bool is_over() const { return now_ >= to_; }
  [[nodiscard]] Feed feed() const { return feed_; }

  /// Time passes to `ts`: equity at every minute's end until then, of what lies before it.
  void reach(Timestamp ts) {
    now_ = std::max(now_, ts);
    sample_until(now_);
  }
  /// The run ends at `to`, where that was not known before.
  void end(Timestamp to) {
    to_ = to;
    sample_until(to);
    // While it was not known, `to` was the end of a minute only.
    if (next_sample_ != kLater) journal_.sample(to, trading::EquityCause::End);
    next_sample_ = kLater;
  }

  // ---- a datum at `now`, after the venue has seen it ----
  void on(const Quote& quote) {
    folding_.on(quote);
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
    journal_.learn_rate(funding.rate);
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
    Outbox& events = journal_.events();
    while (!events.empty()) {
      const Outbox::Item item = events.pop();
      std::visit([this](const auto& event) { strategy_.on(event); }, item.event);
      watch_.read(strategy_.wake());
      journal_.note_levels(item.position, strategy_.stop(), strategy_.take_profit());
    }
  }

 private:
  /// Bars only: the position's stop, else its target, was reached inside the bar: the exit is sent
  /// before the row is looked at, and fills where the bar left the market.
  void exit_on_bar(const Bar& bar) {
    using trading::Role;
    if constexpr (requires(S& s) { s.exit_on_bar(Role{}, Price{}, Timestamp{}); }) {
      const Qty position = journal_.ledger().position();
      if (position == Qty{} || is_over()) return;
      const bool is_long = position > Qty{};
      const auto stop = strategy_.stop();
      const auto target = strategy_.take_profit();
      std::optional<trading::Submit> submit;
      if (stop && (is_long ? bar.low <= *stop : bar.high >= *stop)) {
        submit = strategy_.exit_on_bar(Role::Stop, *stop, now_);
      } else if (target && (is_long ? bar.high > *target : bar.low < *target)) {
        submit = strategy_.exit_on_bar(Role::TakeProfit, *target, now_);
      }
      watch_.read(strategy_.wake());
      if (submit) send(*submit);
    }
  }

  /// The datum that was just seen shows these prices.
  void give_touch(Price bid, Price ask) {
    if (!watch_.wants_quote(bid, ask, now_)) return;
    seen_.look(now_);
    if (seen_.value()) call(trading::QuoteSeen{.ts_seen = now_, .touch = *seen_.value()});
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
    if (now_ < from_) {
      throw Error{"orders: a command is given at " + to_string(now_) +
                  ", before trading starts at " + to_string(from_) +
                  "; move it or start the run earlier"};
    }
    if (const auto* submit = std::get_if<trading::Submit>(&command)) {
      venue_.submit(*submit, now_, seen_.value());
    } else {
      venue_.cancel(std::get<trading::Cancel>(command).id, now_);
    }
  }

  void sample_until(Timestamp ts) {
    using trading::EquityCause;
    while (next_sample_ <= std::min(ts, to_)) {
      const Timestamp sample = next_sample_;
      if (sample == from_) {
        journal_.sample(sample, EquityCause::Start);
      } else if (sample.time_since_epoch() % kMinute == Duration{}) {
        journal_.sample(sample, EquityCause::Minute);
      }
      if (sample == to_) {
        journal_.sample(sample, EquityCause::End);
        next_sample_ = kLater;
        return;
      }
      const Timestamp minute = std::chrono::floor<std::chrono::minutes>(sample) + kMinute;
      next_sample_ = std::min(minute, to_);
    }
  }

  S& strategy_;
  F& folding_;
  NautilusJournal& journal_;
  V& venue_;
  Feed feed_;
  Timestamp from_;
  Timestamp to_;

  SeenTouch seen_;
  Watch watch_;
  std::vector<trading::Command> commands_;
  Timestamp now_{Duration::min()};
  Timestamp rung_ = kLater;
  Timestamp next_sample_;
};

}  // namespace toxvol::engine
