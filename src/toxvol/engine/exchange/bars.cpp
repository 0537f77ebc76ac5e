// Poorer data: fills on bars (X22) and at the decision bar's close (X24).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/account.hpp"
#include "toxvol/engine/exchange/realistic.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/order.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine {

using trading::FillRule;
using trading::Liquidity;

namespace {

// N6: an order that was decided at a bar's end arrives within this time of the next one's open.
constexpr std::int64_t kAtOpenMs = 1'000;

}  // namespace

// Whether what arrives at `ms` is in force at the start of the bar that opened at `open_ms`.
bool RealisticExchange::is_at_open(std::int64_t ms, std::int64_t open_ms) const {
  const bool open = params_.exchange.bar_entry == BarEntry::Open;
  return ms - open_ms < (open ? kAtOpenMs : 1);
}

void RealisticExchange::fill_at_open(Order& order, Price open, std::int64_t ms) {
  const Price price = past(open, order.side, impact(ms), ms);
  // Bars alone have judged it when it arrived.
  if (feed_ != Feed::Bars && !still_admits(order, price, ms)) return;
  fill(order, {.ms = ms, .price = price, .qty = order.remaining, .rule = FillRule::X22});
  check_liquidation(ms);
}

void RealisticExchange::on_open(const Bar& bar, std::int64_t ms) {
  if (feed_ == Feed::Bars) {
    last_open_ = bar.open;
    last_open_ms_ = ms;
  }
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Order& order = *waiting_[i];
    if (order.working) fill_at_open(order, bar.open, ms);
  }
  sweep();
}

void RealisticExchange::mark_close(const Bar& bar) {
  last_close_ = bar.close;
  account_.mark_at(Mark{2 * bar.close.raw()});
}

void RealisticExchange::on_close(const Bar& bar, std::int64_t ms) {
  const std::int64_t start = floor_ms(bar.ts_event - kMinute);
  for (Book* orders : {&buys_, &sells_}) {
    for (std::size_t i = 0; i < orders->size(); ++i) {
      Order& order = *(*orders)[i];
      if (!order.working || !is_at_open(floor_ms(*order.record.ts_arrive), start)) continue;
      const bool buys = order.side == Side::Buy;
      const bool is_first = order.first_bar;
      order.first_bar = false;
      if (buys ? bar.low >= order.price : bar.high <= order.price) continue;
      const bool takes = is_first && (buys ? bar.open <= order.price : bar.open >= order.price);
      const Price price = buys ? std::min(bar.open, order.price) : std::max(bar.open, order.price);
      fill(order, {.ms = ms,
                   .price = price,
                   .qty = order.remaining,
                   .liquidity = takes ? Liquidity::Taker : Liquidity::Maker,
                   .rule = FillRule::X22});
      check_liquidation(ms);
    }
  }
  check_liquidation(ms);  // the close is the only mark there is
  sweep();
}

std::optional<Price> RealisticExchange::stop_price(const Bar& bar, Price stop) const {
  const bool is_long = account_.ledger().position() > Qty{};
  if (is_long ? bar.low > stop : bar.high < stop) return std::nullopt;
  return is_long ? std::min(bar.open, stop) : std::max(bar.open, stop);
}

std::optional<Price> RealisticExchange::target_price(const Bar& bar, Price target) const {
  const bool is_long = account_.ledger().position() > Qty{};
  // A print at the target does not show that anyone would have paid it to us: it must go through.
  if (is_long ? bar.high <= target : bar.low >= target) return std::nullopt;
  return is_long ? std::max(bar.open, target) : std::min(bar.open, target);
}

bool RealisticExchange::fill_on_bar(Order& order, Price price, std::int64_t ms) {
  const bool is_limit = order.record.submit.type == trading::OrderType::Limit;
  if (!is_limit) price = past(price, order.side, impact(ms), ms);
  const trading::RejectReason reason = admit(order, price, ms);
  if (reason != trading::RejectReason::None) {
    desk_.reject(order, reason, ms);
    return false;
  }
  desk_.accept(order, ms);
  fill(order, {.ms = ms,
               .price = price,
               .qty = order.remaining,
               .liquidity = is_limit ? Liquidity::Maker : Liquidity::Taker,
               .rule = FillRule::X22});
  sweep();
  return true;
}

bool RealisticExchange::fill_same_close(Order& order, Price close, std::int64_t ms) {
  const trading::RejectReason reason = admit(order, close, ms);
  if (reason != trading::RejectReason::None) {
    desk_.reject(order, reason, ms);
    return false;
  }
  desk_.accept(order, ms);
  fill(order, {.ms = ms, .price = close, .qty = order.remaining, .rule = FillRule::X24});
  check_liquidation(ms);
  sweep();
  return true;
}

}  // namespace toxvol::engine
