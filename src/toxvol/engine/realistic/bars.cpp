// Poorer data: fills on bars (X22) and at the decision bar's close (X24).
#include <algorithm>
#include <cstddef>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/feed.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/account.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/engine/realistic/realistic_exchange.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::FillRule;
using trading::Liquidity;

namespace {

// N6: an order that was decided at a bar's end arrives within this time of the next one's open.
constexpr Milliseconds kAtOpen{1'000};

}  // namespace

// Whether what arrives at `now` is in force at the start of the bar that opened at `opened`.
bool RealisticExchange::is_at_open(ExchangeTime now, ExchangeTime opened) const {
  const bool open = params_.exchange.bar_entry == BarEntry::Open;
  return now - opened < (open ? kAtOpen : Milliseconds{1});
}

void RealisticExchange::fill_at_open(Order& order, Price open, ExchangeTime now) {
  const Price price = past(open, order.side, impact(now), now);
  // Bars alone have judged it when it arrived.
  if (feed_ != Feed::Bars && !still_admits(order, price, now)) return;
  fill(order, {.at = now, .price = price, .qty = order.remaining, .rule = FillRule::X22});
  check_liquidation(now);
}

void RealisticExchange::on_open(const Bar& bar, ExchangeTime now) {
  if (feed_ == Feed::Bars) {
    last_open_ = bar.open;
    last_open_at_ = now;
  }
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Order& order = *waiting_[i];
    if (order.working) fill_at_open(order, bar.open, now);
  }
  sweep();
}

void RealisticExchange::mark_close(const Bar& bar) {
  last_close_ = bar.close;
  account_.mark_at(Mark{2 * bar.close.raw()});
}

void RealisticExchange::on_close(const Bar& bar, ExchangeTime now) {
  const ExchangeTime start = exchange_time(bar.ts_event - kMinute);
  for (Book* orders : {&buys_, &sells_}) {
    for (std::size_t i = 0; i < orders->size(); ++i) {
      Order& order = *(*orders)[i];
      if (!order.working) continue;
      TOXVOL_ASSERT(order.record.ts_arrive);
      if (!is_at_open(exchange_time(*order.record.ts_arrive), start)) continue;
      const bool buys = order.side == Side::Buy;
      const bool is_first = order.first_bar;
      order.first_bar = false;
      if (buys ? bar.low >= order.price : bar.high <= order.price) continue;
      const bool takes = is_first && (buys ? bar.open <= order.price : bar.open >= order.price);
      const Price price = buys ? std::min(bar.open, order.price) : std::max(bar.open, order.price);
      fill(order, {.at = now,
                   .price = price,
                   .qty = order.remaining,
                   .liquidity = takes ? Liquidity::Taker : Liquidity::Maker,
                   .rule = FillRule::X22});
      check_liquidation(now);
    }
  }
  check_liquidation(now);  // the close is the only mark there is
  sweep();
}

bool RealisticExchange::fill_on_bar(Order& order, Price price, ExchangeTime now) {
  const bool is_limit = order.record.submit.type == trading::OrderType::Limit;
  if (!is_limit) price = past(price, order.side, impact(now), now);
  const trading::RejectReason reason = admit(order, price, now);
  if (reason != trading::RejectReason::None) {
    desk_.reject(order, reason, now);
    return false;
  }
  desk_.accept(order, now);
  fill(order, {.at = now,
               .price = price,
               .qty = order.remaining,
               .liquidity = is_limit ? Liquidity::Maker : Liquidity::Taker,
               .rule = FillRule::X22});
  sweep();
  return true;
}

bool RealisticExchange::fill_same_close(Order& order, Price close, ExchangeTime now) {
  const trading::RejectReason reason = admit(order, close, now);
  if (reason != trading::RejectReason::None) {
    desk_.reject(order, reason, now);
    return false;
  }
  desk_.accept(order, now);
  fill(order, {.at = now, .price = close, .qty = order.remaining, .rule = FillRule::X24});
  check_liquidation(now);
  sweep();
  return true;
}

}  // namespace toxvol::engine
