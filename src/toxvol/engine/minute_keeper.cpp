#include "toxvol/engine/minute_keeper.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/market_touch.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/trade_touch.hpp"

namespace toxvol::engine {
namespace {

/// Rows of one minute after another: `take(begin, rows)`.
template <class Tick, class Take>
void for_each_minute(std::span<const Tick> ticks, Take take) {
  while (!ticks.empty()) {
    const Timestamp begin = minute_of(ticks.front().ts_event);
    const auto end = std::partition_point(ticks.begin(), ticks.end(), [&](const Tick& tick) {
      return tick.ts_event < begin + kMinute;
    });
    const auto count = static_cast<std::size_t>(end - ticks.begin());
    take(begin, ticks.first(count));
    ticks = ticks.subspan(count);
  }
}

}  // namespace

MinuteKeeper::MinuteKeeper(const EngineParams& params, const Instrument& instrument,
                           Timestamp begin, Sink sink)
    : instrument_{instrument},
      row_delay_{params.exchange.data_latency.value + params.bar_delay},
      to_{params.to},
      sink_{std::move(sink)},
      touch_{instrument.tick, instrument.lot, params.exchange.max_touch_age} {
  TOXVOL_ASSERT(params.exchange.data_latency.kind == Latency::Kind::Constant);
  open_.emplace_back(begin);
}

MinuteKeeper::Open& MinuteKeeper::at(Timestamp begin) {
  TOXVOL_ASSERT(begin >= open_.front().minute.begin);
  const auto index = static_cast<std::size_t>((begin - open_.front().minute.begin) / kMinute);
  while (open_.size() <= index) {
    open_.emplace_back(open_.back().minute.begin + kMinute);
  }
  return open_[index];
}

void MinuteKeeper::read(std::span<const Trade> trades) {
  for_each_minute(trades, [this](Timestamp begin, std::span<const Trade> rows) {
    Open& open = at(begin);
    KnownMinute& minute = open.minute;
    Envelope& prices = minute.prices;
    if (!prices.has_trade) prices.trade_min = prices.trade_max = rows.front().price;
    prices.has_trade = true;
    for (const Trade& trade : rows) {
      prices.trade_min = std::min(prices.trade_min, trade.price);
      prices.trade_max = std::max(prices.trade_max, trade.price);
    }
    minute.trades += std::ssize(rows);
    const Trade& last = rows.back();
    open.last_trade = last.ts_event;
    open.trade_mark = TradeTouch::mark_of(last, toxvol::at(instrument_.tick, last.ts_event));
  });
}

void MinuteKeeper::read(std::span<const Quote> quotes) {
  for_each_minute(quotes, [this](Timestamp begin, std::span<const Quote> rows) {
    Open& open = at(begin);
    KnownMinute& minute = open.minute;
    Envelope& prices = minute.prices;
    if (!prices.has_quote) {
      prices.bid_min = prices.bid_max = rows.front().bid;
      prices.ask_min = prices.ask_max = rows.front().ask;
    }
    prices.has_quote = true;
    for (const Quote& quote : rows) {
      prices.bid_min = std::min(prices.bid_min, quote.bid);
      prices.bid_max = std::max(prices.bid_max, quote.bid);
      prices.ask_min = std::min(prices.ask_min, quote.ask);
      prices.ask_max = std::max(prices.ask_max, quote.ask);
      minute.usable_quotes += MarketTouch::is_usable(quote) ? 1 : 0;
    }
    minute.quotes += std::ssize(rows);
    const Quote& last = rows.back();
    open.last_quote = last.ts_event;
    open.quote_mark = {last.bid.raw() + last.ask.raw()};
  });
}

void MinuteKeeper::close(const MinuteRow& row) {
  Open& open = at(row.bar.ts_event - kMinute);
  open.minute.has_row = true;
  open.minute.row = row;
  open.minute.row.bar = {};
  touch_.look(row.bar.ts_init + row_delay_);
  open.minute.touch = touch_.value();
  give_until(row.bar.ts_event);
}

void MinuteKeeper::finish() {
  give_until(to_);
}

// Within a millisecond trades come before quotes.
void MinuteKeeper::give_until(Timestamp end) {
  while (open_.front().minute.begin < end) {
    Open& open = open_.front();
    if (open.last_trade &&
        (!open.last_quote || exchange_time(*open.last_quote) < exchange_time(*open.last_trade))) {
      mark_ = open.trade_mark;
    } else if (open.last_quote) {
      mark_ = open.quote_mark;
    }
    open.minute.mark = mark_;
    sink_(open.minute);
    const Timestamp next = open.minute.begin + kMinute;
    open_.pop_front();
    if (open_.empty()) open_.emplace_back(next);
  }
}

}  // namespace toxvol::engine
