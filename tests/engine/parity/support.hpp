#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/engine/support.hpp"
#include "toxvol/engine/parity/parity_run.hpp"

/// Markets and orders for the parity profile, and what became of them as lines of text.
namespace toxvol::engine::test {

using Lines = std::vector<std::string>;

/// One run. Quotes of millisecond t come 0.3 ms later (ts_init), orders of t at t itself, so that
/// an order of t + 1 finds the quote of t. Without latency.
struct Session {
  EngineParams with = params();
  Instrument on = instrument();
  Market market;
  Player player;
  Tape tape;

  explicit Session(bool trade_execution = false, Profile profile = Profile::Nautilus1221) {
    with.exchange.profile = profile;
    with.exchange.trade_execution = trade_execution;
  }

  /// The book of the worked examples: bid 100.0 × 2, ask 100.1 × 3.
  Session& book(std::int64_t at) { return quote(at, 100.0, 2, 100.1, 3); }
  Session& quote(std::int64_t at, double bid, double bid_qty, double ask, double ask_qty) {
    market.quote(at, bid, bid_qty, ask, ask_qty);
    return *this;
  }
  Session& trade(std::int64_t at, Side aggressor, double price, double size) {
    market.trade(at, aggressor, price, size);
    return *this;
  }
  /// The minute that ends at `end`; ts_init 0.8 ms later.
  Session& bar(std::int64_t end, double open, double high, double low, double close,
               double volume) {
    market.bar(end, open, high, low, close);
    market.bars.back().volume = test::qty(volume);
    return *this;
  }
  Session& at(std::int64_t at, trading::Command command) {
    player.at(ms(at), command);
    return *this;
  }

  /// `5.3 O-1 buy 3 @ 100.1 taker`: ms, order, what, liquidity.
  Lines fills() {
    play();
    Lines lines;
    for (const auto& fill : tape.fills) {
      lines.push_back(fmt::format("{:.10g} O-{} {} {:.10g} @ {:.10g} {}", since(fill.ts),
                                  static_cast<std::int64_t>(fill.order),
                                  fill.side == Side::Buy ? "buy" : "sell", fill.qty.to_double(),
                                  fill.price.to_double(), name(fill.liquidity)));
    }
    return lines;
  }
  /// After `fills`: `filled`, `open 3` (with what is filled), `rejected post_only`, …
  [[nodiscard]] std::string outcome(std::int64_t id) const {
    const auto& order = tape.order(id);
    std::string text{name(order.status)};
    if (order.status == trading::OrderStatus::Rejected) {
      text += " " + std::string{name(order.reject_reason)};
    } else if (order.status != trading::OrderStatus::Filled) {
      text += fmt::format(" {:.10g}", order.filled_qty.to_double());
    }
    return text;
  }
  [[nodiscard]] double position() const { return tape.equity.back().position.to_double(); }
  [[nodiscard]] static double since(Timestamp ts) {
    return static_cast<double>(to_ns(ts) - to_ns(ms(0))) / 1e6;
  }

 private:
  void play() {
    with.inputs.trades = !market.trades.empty();
    with.inputs.quotes = !market.quotes.empty();
    NoFolding folding;
    MarketData data = market.data();
    Progress silent;
    ParityRun<Player, NoFolding> run{with, on, player, folding, tape};
    run.run(data, silent);
  }
};

inline trading::Submit with_tif(trading::Submit submit, trading::TimeInForce tif) {
  submit.tif = tif;
  return submit;
}

}  // namespace toxvol::engine::test
