#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/engine.hpp"
#include "toxvol/engine/exchange/nautilus_1_221.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/outbox.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// The same run in the order in which NautilusTrader 1.221 does it: one clock, `ts_init`; a datum
/// goes to the venue, then to the strategy, then the commands that are due are carried out. An
/// alarm of the same instant follows the data. No data latency. docs/engine.md, "Parity profile".
template <trading::Strategy S, trading::Folding F>
class Engine<S, F, Nautilus1221> {
 public:
  /// Throws `Error` where parameters and instrument do not fit. The references outlive the engine.
  Engine(EngineParams params, Instrument instrument, S& strategy, F& folding,
         trading::Recorder& recorder)
      : params_{(validate(params, instrument), std::move(params))},
        instrument_{std::move(instrument)},
        strategy_{strategy},
        folding_{folding},
        journal_{params_, instrument_, recorder},
        exchange_{params_, instrument_, journal_},
        seen_touch_{instrument_.lot},
        feed_{feed_of(params_.inputs)},
        next_sample_{params_.from} {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Once. Throws `Error` (a stream's, or a strategy that trades before `from`) and `Interrupted`.
  void run(MarketData& data, Progress& progress) {
    open(data);
    progress.begin("backtest", (params_.to - params_.from) / kMinute);
    progress_ = &progress;
    watch_.read(strategy_.wake());
    while (true) {
      const Timestamp ts = next_datum();
      if (ts == kLater) break;
      if (ts > now_) {
        exchange_.throttle().advance(ts);
        while (alarm() < ts) ring();
        exchange_.throttle().reach(ts);
        now_ = ts;
        sample_until(ts);
      }
      give(ts);
      if (next_datum() > ts) {
        while (alarm() <= ts) ring();
      }
    }
    sample_until(params_.to);
    progress.advance(0, std::exchange(rows_since_, 0));
    journal_.finish();
  }

 private:
  static constexpr Timestamp kLater = Timestamp::max();

  template <class Record>
  struct Line {
    LagBuffer<Record> rows;
    Timestamp next = kLater;
  };

  void open(MarketData& data) {
    const bool quotes = feed_ == Feed::Quotes;
    open(trades_, params_.inputs.trades ? data.trades.get() : nullptr, params_.to);
    open(quotes_, quotes ? data.quotes.get() : nullptr, params_.to);
    // The bar that ends at `to` still is a row of the run.
    open(bars_, data.bars.get(), params_.to + Duration{1});
    open(metrics_, data.metrics.get(), params_.to);
    open(funding_, data.funding.get(), params_.to);
  }
  template <class Record>
  void open(Line<Record>& line, BlockStream<Record>* stream, Timestamp end) {
    line.rows.open(stream, end, false);
    refresh(line);
  }
  template <class Record>
  void refresh(Line<Record>& line) {
    const Record* row = line.rows.back();
    line.next = row == nullptr ? kLater : row->ts_init;
  }
  template <class Record>
  void pop(Line<Record>& line) {
    line.rows.pop_back();
    refresh(line);
  }

  [[nodiscard]] Timestamp next_datum() const {
    return std::min({trades_.next, quotes_.next, bars_.next, metrics_.next, funding_.next});
  }

  void give(Timestamp ts) {
    if (quotes_.next == ts) {
      give_quote();
    } else if (trades_.next == ts) {
      give_trade();
    } else if (bars_.next == ts) {
      give_row();
    } else if (metrics_.next == ts) {
      call(trading::MetricsSeen{.ts_seen = ts, .metrics = *metrics_.rows.back()});
      process();
      pop(metrics_);
    } else {
      give_funding();
    }
  }

  void give_quote() {
    const Quote& quote = *quotes_.rows.back();
    ++rows_since_;
    if (now_ < params_.to) exchange_.on(quote);
    tell();
    folding_.on(quote);
    see(quote);
    if (watch_.wants_quote(quote.bid, quote.ask, now_)) {
      call(trading::QuoteSeen{.ts_seen = now_, .touch = *touch_});
    }
    process();
    pop(quotes_);
  }

  void give_trade() {
    const Trade& trade = *trades_.rows.back();
    ++rows_since_;
    if (now_ < params_.to) exchange_.on(trade);
    tell();
    folding_.on(trade);
    if (watch_.wants_trade(trade.price, now_)) {
      call(trading::TradeSeen{.ts_seen = now_, .trade = trade});
    }
    if (feed_ == Feed::Trades) {  // X21
      see(seen_touch_.on(trade, at(instrument_.tick, params_.from)));
      if (watch_.wants_quote(touch_->bid, touch_->ask, now_)) {
        call(trading::QuoteSeen{.ts_seen = now_, .touch = *touch_});
      }
    }
    process();
    pop(trades_);
  }

  void give_row() {
    const Bar& bar = *bars_.rows.back();
    if (feed_ == Feed::Bars) {
      if (now_ < params_.to) exchange_.on(bar);
      tell();
      exit_on_bar(bar);
      touch_ = trading::Touch{.bid = bar.close, .ask = bar.close, .ts_event = bar.ts_event};
    }
    call(trading::RowSeen{.ts_seen = now_, .row = folding_.close(bar), .touch = touch_});
    process();
    if (bar.ts_event > params_.from) progress_->advance(1, std::exchange(rows_since_, 0));
    pop(bars_);
  }

  /// Bars only: the position's stop, else its target, was reached inside the bar: the exit is sent
  /// before the row is looked at, and fills where the bar left the market.
  void exit_on_bar(const Bar& bar) {
    using trading::Role;
    if constexpr (requires(S& s) { s.exit_on_bar(Role{}, Price{}, Timestamp{}); }) {
      const Qty position = journal_.ledger().position();
      if (position == Qty{} || now_ >= params_.to) return;
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
      tell();
    }
  }

  // The venue's funding module runs after the commands of the settlement's own instant.
  void give_funding() {
    const Funding& funding = *funding_.rows.back();
    journal_.learn_rate(funding.rate);
    call(trading::FundingSeen{.ts_seen = now_, .funding = funding});
    process();
    if (params_.costs.funding && params_.inputs.funding && now_ >= params_.from) {
      journal_.fund(funding.rate, now_);
    }
    pop(funding_);
  }

  void see(const Quote& quote) {
    touch_ = trading::Touch{.bid = quote.bid,
                            .ask = quote.ask,
                            .bid_qty = quote.bid_qty,
                            .ask_qty = quote.ask_qty,
                            .ts_event = quote.ts_event};
  }

  [[nodiscard]] Timestamp alarm() const {
    const Timestamp alarm = watch_.alarm();
    return alarm == rung_ || alarm >= params_.to ? kLater : alarm;
  }

  void ring() {
    rung_ = watch_.alarm();
    now_ = std::max(now_, rung_);
    exchange_.throttle().reach(now_);
    sample_until(now_);
    // Of the timers of one instant only the first is followed by the venue's commands.
    const bool is_first = !exchange_.throttle().rings(now_);
    call(trading::AlarmSeen{.ts_seen = now_});
    if (is_first) process();
  }

  /// What comes at `to` or later finds the exchange closed.
  void process() {
    if (now_ >= params_.to) return;
    exchange_.process(now_);
    tell();
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

  template <class Event>
  void call(const Event& event) {
    commands_.clear();
    strategy_.on(event, commands_);
    for (const trading::Command& command : commands_) send(command);
    watch_.read(strategy_.wake());
    tell();
  }

  void send(const trading::Command& command) {
    if (now_ < params_.from) {
      throw Error{"orders: a command is given at " + to_string(now_) +
                  ", before trading starts at " + to_string(params_.from) +
                  "; move it or start the run earlier"};
    }
    if (const auto* submit = std::get_if<trading::Submit>(&command)) {
      exchange_.submit(*submit, now_, touch_);
    } else {
      exchange_.cancel(std::get<trading::Cancel>(command).id, now_);
    }
  }

  /// Equity at every minute's end up to `ts`, of what lies before it.
  void sample_until(Timestamp ts) {
    using trading::EquityCause;
    while (next_sample_ <= std::min(ts, params_.to)) {
      const Timestamp at = next_sample_;
      if (at == params_.from) {
        journal_.sample(at, EquityCause::Start);
      } else if (at.time_since_epoch() % kMinute == Duration{}) {
        journal_.sample(at, EquityCause::Minute);
      }
      if (at == params_.to) {
        journal_.sample(at, EquityCause::End);
        next_sample_ = kLater;
        return;
      }
      const Timestamp minute = std::chrono::floor<std::chrono::minutes>(at) + kMinute;
      next_sample_ = std::min(minute, params_.to);
    }
  }

  EngineParams params_;
  Instrument instrument_;
  S& strategy_;
  F& folding_;

  NautilusJournal journal_;
  Nautilus1221 exchange_;
  TradeTouch seen_touch_;
  Feed feed_;
  std::optional<trading::Touch> touch_;  // as last seen

  Line<Trade> trades_;
  Line<Quote> quotes_;
  Line<Bar> bars_;
  Line<Metrics> metrics_;
  Line<Funding> funding_;

  Watch watch_;
  std::vector<trading::Command> commands_;
  Timestamp now_{Duration::min()};
  Timestamp rung_ = kLater;
  Timestamp next_sample_;
  Progress* progress_ = nullptr;
  std::int64_t rows_since_ = 0;
};

}  // namespace toxvol::engine
