#include "toxvol/engine/realistic/minutes_unseen.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/line.hpp"
#include "toxvol/engine/realistic/lines.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/engine/realistic/ticks_at_once.hpp"
#include "toxvol/engine/seen_touch.hpp"
#include "toxvol/engine/trade_touch.hpp"
#include "toxvol/engine/watch.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine {
namespace {

/// Less is passed as fast by reading it.
constexpr Milliseconds kLeastUnseen{10'000};

}  // namespace

MinutesUnseen::MinutesUnseen(const EngineParams& params, const Instrument& instrument,
                             const RealisticExchange& exchange, Lines& lines, const Delays& delays,
                             TicksAtOnce& ticks_at_once, SeenTouch& seen, KnownMinutes* known)
    : instrument_{instrument},
      to_{exchange_time(params.to)},
      exchange_{exchange},
      lines_{lines},
      delays_{delays},
      ticks_at_once_{ticks_at_once},
      seen_{seen},
      known_{known},
      // `ts_init` is within the millisecond of `ts_event`.
      lag_{params.exchange.data_latency.value + params.agg_delay + kMillisecond} {
  TOXVOL_ASSERT(known == nullptr || is_possible(params));
}

bool MinutesUnseen::is_possible(const EngineParams& params) {
  constexpr Duration kLongest = 10 * kMinute;
  return TicksAtOnce::is_possible(params) &&
         params.exchange.data_latency.value + params.agg_delay + params.bar_delay < kLongest;
}

bool MinutesUnseen::begin(ExchangeTime now, const Watch& watch) {
  if (known_ == nullptr || now < again_) return false;
  const ExchangeTime until = may_last(now, watch);
  if (until - now < kLeastUnseen) {
    again_ = std::max(until, now + kLeastUnseen);
    return false;
  }
  until_ = until;
  lines_.trades.event = lines_.trades.seen = Timestamp::max();
  lines_.quotes.event = lines_.quotes.seen = Timestamp::max();
  return true;
}

bool MinutesUnseen::go_on(ExchangeTime now, const Watch& watch) {
  const ExchangeTime until = may_last(now, watch);
  if (until > now) until_ = until;
  return until > now;
}

void MinutesUnseen::end(ExchangeTime now, Timestamp seen) {
  until_.reset();
  const auto see = [this](const auto& rows) { seen_.on(rows); };
  leave_out(last_call_ ? std::min(now, exchange_time(last_call_->at)) : now);
  ticks_at_once_.pass_exchange(now);
  if (last_call_) {  // what it saw then is asked for until the next call
    ticks_at_once_.pass_strategy(last_call_->seen, see);
    seen_.look(last_call_->at);
    last_call_.reset();
  }
  ticks_at_once_.pass_strategy(seen, see);
}

// All but what an order asks of the past at `now`: engine.md#passed-ticks. So many trades also make
// the touch of the last one anew, whatever came before them.
void MinutesUnseen::leave_out(ExchangeTime now) {
  const Timestamp asked = minute_of(now) - kMinute;
  const auto trades = known_->trades_from(asked, TradeTouch::kTrades + 1);
  const auto quotes = known_->quotes_from(asked);
  if (trades) lines_.trades.rows.skip_before(*trades);
  if (quotes) lines_.quotes.rows.skip_before(*quotes);
  lines_.trades.refresh_front();
  lines_.trades.refresh_back(delays_);
  lines_.quotes.refresh_front();
  lines_.quotes.refresh_back(delays_);
}

std::optional<Mark> MinutesUnseen::mark_or_end(ExchangeTime now) {
  if (minute_of(now) != now) {
    end(now, now);
    return std::nullopt;
  }
  const KnownMinute* minute = known_->at(minute_of(now) - kMinute);
  return minute == nullptr ? std::nullopt : minute->mark;
}

const std::optional<trading::Touch>& MinutesUnseen::touch(const Bar& bar) {
  const KnownMinute* minute = known_->at(bar.ts_event - kMinute);
  return minute == nullptr ? none_ : minute->touch;
}

// To the end of the minute at most, and to what else may need a tick: a payment, the end of the
// run.
ExchangeTime MinutesUnseen::may_last(ExchangeTime now, const Watch& watch) {
  const Timestamp minute = minute_of(now);
  ExchangeTime end = std::min(to_, exchange_time(minute + kMinute));
  if (lines_.funding.event != Timestamp::max()) {
    end = std::min(end, exchange_time(lines_.funding.event));
  }
  if (watch.at() != Timestamp::max()) end = std::min(end, exchange_time(watch.at()));
  if (end <= now) return now;
  // The strategy sees later what the exchange has.
  for (Timestamp begin = minute_of(now - lag_); begin <= minute; begin += kMinute) {
    const KnownMinute* known = known_->at(begin);
    if (known == nullptr) {
      if (begin < minute) continue;  // before the first
      return now;
    }
    if (watch.has_bounds() && wakes(*known, watch)) return now;
    if (begin == minute && !stands(*known, now, end)) return now;
  }
  return end;
}

// A trade may also wake by the touch that it is where quotes are old (X21).
bool MinutesUnseen::wakes(const KnownMinute& minute, const Watch& watch) const {
  const Envelope& prices = minute.prices;
  const auto wants_quote = [&](Price bid, Price ask) {
    return watch.wants_quote(bid, ask, Timestamp::min());
  };
  if (prices.has_quote && (wants_quote(prices.bid_min, prices.ask_min) ||
                           wants_quote(prices.bid_max, prices.ask_max))) {
    return true;
  }
  if (!prices.has_trade) return false;
  const Price tick = largest_tick(minute.begin);
  return watch.wants_trade(prices.trade_min, Timestamp::min()) ||
         watch.wants_trade(prices.trade_max, Timestamp::min()) ||
         wants_quote(prices.trade_min - tick, prices.trade_min + tick) ||
         wants_quote(prices.trade_max - tick, prices.trade_max + tick);
}

// At all its prices, which are a little worse than their marks.
bool MinutesUnseen::stands(const KnownMinute& minute, ExchangeTime begin, ExchangeTime end) const {
  if (!exchange_.has_position()) return true;
  const Envelope& prices = minute.prices;
  Price lowest = Price::from_raw(std::numeric_limits<std::int64_t>::max());
  Price highest = Price::from_raw(std::numeric_limits<std::int64_t>::min());
  if (prices.has_quote) {
    lowest = prices.bid_min;
    highest = prices.ask_max;
  }
  if (prices.has_trade) {
    const Price tick = largest_tick(minute.begin);
    lowest = std::min(lowest, prices.trade_min - tick);
    highest = std::max(highest, prices.trade_max + tick);
  }
  return lowest > highest || exchange_.stands({2 * lowest.raw()}, {2 * highest.raw()}, begin, end);
}

Price MinutesUnseen::largest_tick(Timestamp begin) const {
  return std::max(at(instrument_.tick, begin), at(instrument_.tick, begin + kMinute));
}

}  // namespace toxvol::engine
