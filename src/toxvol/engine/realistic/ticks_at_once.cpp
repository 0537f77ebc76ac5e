#include "toxvol/engine/realistic/ticks_at_once.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/lag_buffer.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/line.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/trade_touch.hpp"
#include "toxvol/engine/watch.hpp"

namespace toxvol::engine {
namespace {

/// An order that goes out has two minutes of ticks made up for, each at a tenth of what handling it
/// costs or less: in less time than this passing would cost more than it saves.
constexpr Milliseconds kWorthwhile{5'000};
/// All ticks of a stretch are in memory, and where minutes are missing nothing else would end it.
constexpr Milliseconds kLongest{60'000};

/// How far ahead it is worth while to look for a tick that wakes the strategy: an order event comes
/// before most of them.
constexpr Milliseconds kCalm{250};

/// A random or recorded delay makes the time of each tick its own.
bool sees_at_once(const EngineParams& params) {
  return params.passes_ticks && feed_of(params.inputs) != Feed::Bars &&
         params.exchange.data_latency.kind == Latency::Kind::Constant;
}

}  // namespace

// A proportional queue remembers every trade.
bool TicksAtOnce::is_possible(const EngineParams& params) {
  return sees_at_once(params) && params.exchange.queue != QueueModel::Proportional;
}

TicksAtOnce::TicksAtOnce(const EngineParams& params, const Instrument& instrument,
                         RealisticExchange& exchange, Line<Trade>& trades, Line<Quote>& quotes,
                         const Delays& delays)
    : params_{params},
      instrument_{instrument},
      exchange_{exchange},
      trades_{trades},
      quotes_{quotes},
      delays_{delays},
      is_on_{is_possible(params)},
      sees_at_once_{sees_at_once(params)} {}

History TicksAtOnce::trades_history() const {
  return {.last_minute = is_on_, .rows = TradeTouch::kTrades};
}

History TicksAtOnce::quotes_history() const {
  return {.last_minute = is_on_};
}

ExchangeTime TicksAtOnce::pass(ExchangeTime now, ExchangeTime end, const Watch& watch) {
  end = stretch(now, end, watch);
  if (end > now) pass_exchange(end);
  return end;
}

ExchangeTime TicksAtOnce::calm_until(ExchangeTime now, ExchangeTime end, const Watch& watch) {
  if (!sees_at_once_) return now;
  if (watch.at() != Timestamp::max()) end = std::min(end, exchange_time(watch.at()));
  if (!watch.has_bounds()) return end;
  end = std::min(end, now + kCalm);
  return end > now ? first_wanted(end, watch) : now;
}

ExchangeTime TicksAtOnce::stretch(ExchangeTime now, ExchangeTime end, const Watch& watch) {
  end = std::min(end, now + kLongest);
  if (end - now < kWorthwhile) return now;
  if (watch.has_bounds()) {
    end = std::min(end, first_wanted(end, watch));
    if (end - now < kWorthwhile) return now;
  }
  if (exchange_.has_position() && !stands_until(now, end)) {
    again_ = end;
    return now;
  }
  return end;
}

// A trade may also wake by the touch that it is where quotes are old (X21).
ExchangeTime TicksAtOnce::first_wanted(ExchangeTime end, const Watch& watch) {
  const auto wants_quote = [&](Price bid, Price ask) {
    return watch.wants_quote(bid, ask, Timestamp::min());
  };
  if (const Trade* first = trades_.rows.back()) {
    const Price tick = largest_tick(first->ts_event, end);
    const Trade* trade = trades_.rows.find_back(end, [&](const Trade& row) {
      return watch.wants_trade(row.price, Timestamp::min()) ||
             wants_quote(row.price - tick, row.price + tick);
    });
    if (trade != nullptr) end = exchange_time(trade->ts_event);
  }
  const Quote* quote =
      quotes_.rows.find_back(end, [&](const Quote& row) { return wants_quote(row.bid, row.ask); });
  return quote == nullptr ? end : exchange_time(quote->ts_event);
}

// At all their prices, which are a little worse than their marks.
bool TicksAtOnce::stands_until(ExchangeTime now, ExchangeTime end) {
  Price lowest = Price::from_raw(std::numeric_limits<std::int64_t>::max());
  Price highest = Price::from_raw(std::numeric_limits<std::int64_t>::min());
  const auto widen = [&](Price low, Price high) {
    lowest = std::min(lowest, low);
    highest = std::max(highest, high);
    return false;  // on to the next
  };
  (void)trades_.rows.find_front(end, [&](const Trade& row) { return widen(row.price, row.price); });
  if (lowest <= highest) {
    const Price tick = largest_tick(now, end);
    widen(lowest - tick, highest + tick);
  }
  (void)quotes_.rows.find_front(end, [&](const Quote& row) { return widen(row.bid, row.ask); });
  return lowest > highest || exchange_.stands({2 * lowest.raw()}, {2 * highest.raw()}, now, end);
}

Price TicksAtOnce::largest_tick(Timestamp begin, Timestamp end) const {
  return std::max(at(instrument_.tick, begin), at(instrument_.tick, end));
}

void TicksAtOnce::show_exchange(Timestamp end) {
  std::optional<Trade> trade;
  std::optional<Quote> quote;
  trades_.rows.pass_front(end, [&](std::span<const Trade> rows) { trade = rows.back(); });
  quotes_.rows.pass_front(end, [&](std::span<const Quote> rows) {
    exchange_.pass(rows);
    quote = rows.back();
  });
  // The last of them in the exchange's order marks: within a millisecond a quote.
  if (trade && (!quote || exchange_time(quote->ts_event) < exchange_time(trade->ts_event))) {
    exchange_.pass(std::span{&*trade, 1});
  }
  trades_.refresh_front();
  quotes_.refresh_front();
}

void TicksAtOnce::make_up(ExchangeTime now) {
  is_behind_ = false;
  exchange_.begin_restoring();
  const auto first = trades_.rows.history_at(now);
  const auto last = trades_.rows.passed();
  const auto shown = feed_of(params_.inputs) == Feed::Trades
                         ? std::max(first, trades_.rows.in_force_before(now))
                         : last;
  trades_.rows.for_each_piece(first, shown,
                              [this](std::span<const Trade> rows) { exchange_.restore(rows); });
  trades_.rows.for_each_piece(
      shown, last, [this](std::span<const Trade> rows) { exchange_.restore_touches(rows); });
  quotes_.rows.for_each_piece(quotes_.rows.history_at(now), quotes_.rows.passed(),
                              [this](std::span<const Quote> rows) { exchange_.restore(rows); });
}

}  // namespace toxvol::engine
