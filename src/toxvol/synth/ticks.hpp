#pragma once

#include <array>
#include <cstdint>

#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"
#include "toxvol/synth/tables.hpp"

namespace toxvol::synth {

/// Where the ticks go, in file order: of one millisecond the trades come before the quotes.
template <class S>
concept TickSink = requires(S sink, const QuoteRow& quote, const TradeRow& trade) {
  sink.on(quote);
  sink.on(trade);
};

/// Sum of a minute's trades, as a kline has them.
class KlineBuilder {
 public:
  void open(std::int64_t open_ms, std::int64_t last_price) {
    row_ = KlineRow{.open_ms = open_ms,
                    .open = last_price,
                    .high = last_price,
                    .low = last_price,
                    .close = last_price};
  }
  void add(const TradeRow& trade) {
    if (row_.count == 0) row_.open = row_.high = row_.low = trade.price;
    if (trade.price > row_.high) row_.high = trade.price;
    if (trade.price < row_.low) row_.low = trade.price;
    row_.close = trade.price;
    row_.lots += trade.lots;
    row_.quote += trade.price * trade.lots;
    row_.count += trade.last_id - trade.first_id + 1;
    if (trade.aggressor == Side::Buy) {
      row_.buy_lots += trade.lots;
      row_.buy_quote += trade.price * trade.lots;
    }
  }
  [[nodiscard]] const KlineRow& row() const { return row_; }

 private:
  KlineRow row_;
};

/// The rates that `intensity` scales and those that it cannot (docs/synth.md#intensity).
struct Pace {
  explicit Pace(double intensity);

  double bursts_per_s = 0.0;  // of rows, at activity 1
  double more_rows = 0.0;     // probability of another row in a burst
  double move = 0.0;          // share of bursts in which the price may move
  double move_traded = 0.0;   // share of moves made by trades
  double trade = 0.0;         // share of bursts that begin with a trade

  // What that comes to, for the days without ticks.
  double takers_per_s = 0.0;      // moments with a trade
  double units_per_minute = 0.0;  // volume, in units of the tables
  double count_per_minute = 0.0;  // underlying trades
};

/// The top of the book and its trades, millisecond by millisecond (docs/synth.md#the-touch).
/// State runs on over midnight; random numbers start anew each day.
class TickMarket {
 public:
  TickMarket(const Params& params, const Contract& contract);

  /// The efficient log price, relative to the start price.
  [[nodiscard]] double log_price() const { return log_price_; }
  void start(double log_price, std::int64_t day_ms, Rng& rng);

  /// All ticks of the minute that opens at `open_ms`; returns its kline. At least one trade.
  template <TickSink Sink>
  KlineRow minute(std::int64_t open_ms, const Minute& latent, Rng& rng, Sink& sink);

 private:
  struct Second {
    std::array<double, 10> ticks{};  // efficient price in ticks, at each tenth
    double bursts_per_ms = 0.0;
  };

  [[nodiscard]] Second next_second(const Minute& latent, Rng& rng);
  template <TickSink Sink>
  void burst(std::int64_t ms, double ticks, Rng& rng, Sink& sink);
  template <TickSink Sink>
  void move(std::int64_t ms, std::int64_t by, Rng& rng, Sink& sink);
  template <TickSink Sink>
  void trade(std::int64_t ms, Rng& rng, Sink& sink);
  template <TickSink Sink>
  void change_queue(Rng& rng, Sink& sink);
  template <TickSink Sink>
  void emit_trade(std::int64_t price, std::int64_t lots, Side side, Rng& rng, Sink& sink);
  template <TickSink Sink>
  void emit_quote(Rng& rng, Sink& sink);

  /// A fresh queue on the given side, larger on the side that pressure comes from.
  [[nodiscard]] std::int64_t fresh_queue(Side side, Rng& rng) const;
  /// Brings the other side up to `left_open` ticks behind the side that moved first.
  void follow(Side moved, std::int64_t left_open, Rng& rng);

  Pace pace_;
  MarketTables tables_;
  double start_ticks_ = 0.0;
  std::int64_t large_ = 0;       // lots that make an order large
  std::int64_t full_queue_ = 0;  // lots above which a queue shrinks rather than grows

  double log_price_ = 0.0;
  double mood_ = 0.0;       // of the takers, gone after seconds
  double lean_ = 0.0;       // of the book, gone after seconds
  double bid_scale_ = 1.0;  // of fresh queues
  double ask_scale_ = 1.0;
  FastSeconds seconds_;
  double flow_ = 0.0;         // buy probability is ½(1 + flow)
  double large_flow_ = 0.0;   // likewise, of large orders
  double large_share_ = 1.0;  // of them that come: few while the price stands still

  QuoteRow book_;  // time_ms, sent_ms: of the last row
  std::int64_t now_ms_ = 0;
  std::int64_t end_ms_ = 0;  // nothing is written from here on
  Side last_move_ = Side::Buy;
  std::int64_t agg_id_ = 0;
  std::int64_t trade_id_ = 0;
  std::int64_t last_price_ = 0;
  KlineBuilder kline_;
};

}  // namespace toxvol::synth

#include "toxvol/synth/ticks_inl.hpp"
