#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/native_venue.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/parity/strategy_side.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// The same run in the order in which NautilusTrader does it: one clock, `ts_init`; a datum
/// goes to the venue, then to the strategy, then the commands that are due are carried out. An
/// alarm of the same instant follows the data. No data latency. docs/parity.md.
template <trading::Strategy S, trading::Folding F>
class ParityRun {
 public:
  /// Throws `Error` where parameters and instrument do not fit. The references outlive the run.
  ParityRun(const EngineParams& params, const Instrument& instrument, S& strategy, F& folding,
            trading::Recorder& recorder)
      : ParityRun{params,  instrument, strategy,
                  folding, recorder,   rules_of(params.exchange.profile)} {}
  /// With rules of no release, to see what one of them is for.
  ParityRun(const EngineParams& params, const Instrument& instrument, S& strategy, F& folding,
            trading::Recorder& recorder, const Rules& rules)
      : params_{(validate(params, instrument), params)},
        rules_{rules},
        bookkeeper_{params_, instrument, recorder, rules},
        exchange_{params_, instrument, bookkeeper_, rules},
        strategy_side_{params_, instrument, strategy, folding, bookkeeper_, exchange_} {}
  ParityRun(const ParityRun&) = delete;
  ParityRun& operator=(const ParityRun&) = delete;
  ~ParityRun() = default;

  /// Once. Throws `Error` (a stream's, or a strategy that trades before `from`) and `Interrupted`.
  void run(MarketData& data, Progress& progress) {
    open(data);
    progress.begin("backtest", (params_.to - params_.from) / kMinute);
    progress_ = &progress;
    while (true) {
      const Timestamp ts = next_datum();
      if (ts == kLater) break;
      if (ts > strategy_side_.now()) {
        exchange_.throttle().advance(ts);
        while (next_timer() < ts) ring();
        exchange_.throttle().reach(ts);
        strategy_side_.reach(ts);
      }
      give(ts);
      if (next_datum() > ts) {
        while (next_timer() <= ts) ring();
      }
    }
    strategy_side_.reach(params_.to);
    progress.advance(0, std::exchange(rows_since_, 0));
    bookkeeper_.finish();
  }

 private:
  static constexpr Timestamp kLater = Timestamp::max();

  template <class Record>
  struct Line {
    LagBuffer<Record> rows;
    Timestamp next = kLater;
  };

  void open(MarketData& data) {
    const bool quotes = strategy_side_.feed() == Feed::Quotes;
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
      strategy_side_.on(*metrics_.rows.back());
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
    if (!strategy_side_.is_over()) exchange_.on(tick);
    strategy_side_.tell();
    strategy_side_.on(tick);
    process();
    pop(line);
  }

  void give_bar() {
    const Bar& bar = *bars_.rows.back();
    if (strategy_side_.feed() == Feed::Bars) {
      if (!strategy_side_.is_over()) exchange_.on(bar);
      strategy_side_.tell();
    }
    strategy_side_.on(bar);
    process();
    if (bar.ts_event > params_.from) progress_->advance(1, std::exchange(rows_since_, 0));
    pop(bars_);
    is_flow_given_ = false;
  }

  // The venue's funding module runs after the commands of the settlement's own instant.
  void give_funding(Timestamp ts) {
    const Funding& funding = *funding_.rows.back();
    strategy_side_.on(funding);
    process();
    const bool is_open = ts >= params_.from && !strategy_side_.is_over();
    if (is_open && params_.costs.funding && params_.inputs.funding) {
      bookkeeper_.fund(funding.rate, ts);
    }
    pop(funding_);
  }

  [[nodiscard]] Timestamp next_timer() const {
    return std::min(strategy_side_.alarm(), exchange_.throttle().timer());
  }

  void ring() {
    const Timestamp ts = std::max(strategy_side_.now(), next_timer());
    exchange_.throttle().reach(ts);
    strategy_side_.reach(ts);
    const bool was_throttled = exchange_.throttle().rings(ts);
    // The timers of one instant are followed by the venue's commands, in 1.221 only the first is.
    const bool settles_early = was_throttled && !rules_.timers_settle_the_venue;
    if (settles_early) process();
    if (strategy_side_.alarm() <= ts) strategy_side_.ring();
    if (!settles_early) process();
  }

  /// What comes at `to` or later finds the exchange closed.
  void process() {
    if (strategy_side_.is_over()) return;
    exchange_.process(strategy_side_.now());
    strategy_side_.tell();
  }

  EngineParams params_;
  Rules rules_;
  Bookkeeper bookkeeper_;
  NativeVenue exchange_;
  StrategySide<S, F, NativeVenue> strategy_side_;

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
