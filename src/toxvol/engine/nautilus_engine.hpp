#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/engine.hpp"
#include "toxvol/engine/exchange/nautilus_1_221.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/nautilus_journal.hpp"
#include "toxvol/engine/nautilus_listener.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/trading/concepts.hpp"
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
        journal_{params_, instrument, recorder},
        exchange_{params_, instrument, journal_},
        listener_{params_, instrument, strategy, folding, journal_, exchange_} {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Once. Throws `Error` (a stream's, or a strategy that trades before `from`) and `Interrupted`.
  void run(MarketData& data, Progress& progress) {
    open(data);
    progress.begin("backtest", (params_.to - params_.from) / kMinute);
    progress_ = &progress;
    while (true) {
      const Timestamp ts = next_datum();
      if (ts == kLater) break;
      if (ts > listener_.now()) {
        exchange_.throttle().advance(ts);
        while (listener_.alarm() < ts) ring();
        exchange_.throttle().reach(ts);
        listener_.reach(ts);
      }
      give(ts);
      if (next_datum() > ts) {
        while (listener_.alarm() <= ts) ring();
      }
    }
    listener_.reach(params_.to);
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
    const bool quotes = listener_.feed() == Feed::Quotes;
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
    return std::min(
        {trades_.next, quotes_.next, bars_.next, metrics_.next, funding_.next, next_flow()});
  }

  /// A bar's `KlineFlowData` are a datum of their own, one nanosecond earlier.
  [[nodiscard]] Timestamp next_flow() const {
    return is_flow_given_ || bars_.next == kLater ? kLater : bars_.next - Duration{1};
  }

  void give(Timestamp ts) {
    if (quotes_.next == ts) {
      give_tick(quotes_);
    } else if (trades_.next == ts) {
      give_tick(trades_);
    } else if (next_flow() == ts) {
      is_flow_given_ = true;
      process();
    } else if (bars_.next == ts) {
      give_bar();
    } else if (metrics_.next == ts) {
      listener_.on(*metrics_.rows.back());
      process();
      pop(metrics_);
    } else {
      give_funding(ts);
    }
  }

  template <class Tick>
  void give_tick(Line<Tick>& line) {
    const Tick& tick = *line.rows.back();
    ++rows_since_;
    if (!listener_.is_over()) exchange_.on(tick);
    listener_.tell();
    listener_.on(tick);
    process();
    pop(line);
  }

  void give_bar() {
    const Bar& bar = *bars_.rows.back();
    if (listener_.feed() == Feed::Bars) {
      if (!listener_.is_over()) exchange_.on(bar);
      listener_.tell();
    }
    listener_.on(bar);
    process();
    if (bar.ts_event > params_.from) progress_->advance(1, std::exchange(rows_since_, 0));
    pop(bars_);
    is_flow_given_ = false;
  }

  // The venue's funding module runs after the commands of the settlement's own instant.
  void give_funding(Timestamp ts) {
    const Funding& funding = *funding_.rows.back();
    listener_.on(funding);
    process();
    const bool is_open = ts >= params_.from && !listener_.is_over();
    if (is_open && params_.costs.funding && params_.inputs.funding) {
      journal_.fund(funding.rate, ts);
    }
    pop(funding_);
  }

  void ring() {
    const Timestamp ts = std::max(listener_.now(), listener_.alarm());
    exchange_.throttle().reach(ts);
    listener_.reach(ts);
    // Of the timers of one instant only the first is followed by the venue's commands.
    const bool is_first = !exchange_.throttle().rings(ts);
    listener_.ring();
    if (is_first) process();
  }

  /// What comes at `to` or later finds the exchange closed.
  void process() {
    if (listener_.is_over()) return;
    exchange_.process(listener_.now());
    listener_.tell();
  }

  EngineParams params_;
  NautilusJournal journal_;
  Nautilus1221 exchange_;
  NautilusListener<S, F, Nautilus1221> listener_;

  Line<Trade> trades_;
  Line<Quote> quotes_;
  Line<Bar> bars_;
  bool is_flow_given_ = false;
  Line<Metrics> metrics_;
  Line<Funding> funding_;
  Progress* progress_ = nullptr;
  std::int64_t rows_since_ = 0;
};

}  // namespace toxvol::engine
