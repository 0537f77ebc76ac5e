#include "toxvol/engine/trade_touch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::engine {

TradeTouch::TradeTouch(Qty lot) : lot_{lot} {
  ring_.reserve(kTrades);
  sorted_.reserve(kTrades + 1);
}

void TradeTouch::forget() {
  ring_.clear();
  sorted_.clear();
  has_traded_ = false;
  dropped_.reset();
  oldest_ = unsorted_ = 0;
  minute_end_ = Timestamp::min();
  traded_ = last_minute_ = 0;
}

void TradeTouch::on(const Trade& trade) {
  last_ = trade;
  has_traded_ = true;
  put(trade.qty.raw());
  if (trade.ts_event >= minute_end_) begin_minute(trade.ts_event);
  traded_ += trade.qty.raw();
}

void TradeTouch::on(std::span<const Trade> trades) {
  if (trades.empty()) return;
  last_ = trades.back();
  has_traded_ = true;
  for (const Trade& trade : trades) {
    if (trade.ts_event >= minute_end_) begin_minute(trade.ts_event);
    traded_ += trade.qty.raw();
  }
  const std::size_t count = std::min(trades.size(), kTrades);
  for (const Trade& trade : trades.last(count)) put(trade.qty.raw());
}

void TradeTouch::put(std::int64_t qty) {
  if (ring_.size() == kTrades) {
    dropped_ = ring_[oldest_];
    ring_[oldest_] = qty;
    oldest_ = oldest_ + 1 == kTrades ? 0 : oldest_ + 1;
  } else {
    ring_.push_back(qty);
  }
  ++unsorted_;
}

void TradeTouch::begin_minute(Timestamp ts) {
  const Timestamp start = std::chrono::floor<std::chrono::minutes>(ts);
  last_minute_ = start == minute_end_ ? traded_ : 0;  // a minute without a trade lies between
  traded_ = 0;
  minute_end_ = start + kMinute;
}

std::int64_t TradeTouch::median() {
  if (unsorted_ == 1) {  // where every trade is asked for: one leaves, one is put in its place
    if (dropped_) sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), *dropped_));
    const std::int64_t qty = last_.qty.raw();
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), qty), qty);
  } else if (unsorted_ > 1) {
    sorted_.assign(ring_.begin(), ring_.end());
    std::sort(sorted_.begin(), sorted_.end());
  }
  unsorted_ = 0;
  const std::size_t n = sorted_.size();
  // An even number has its median between the middle two; halving their distance cannot overflow.
  const std::int64_t low = sorted_[(n - 1) / 2];
  return low + (sorted_[n / 2] - low) / 2;
}

Quote TradeTouch::quote(Price tick) {
  constexpr std::int64_t kSeconds = 60;
  const std::int64_t size = std::max(median(), last_minute_ / kSeconds);
  const Qty shown = std::max(lot_, Qty::from_raw(size - size % lot_.raw()));
  return Quote{.ts_event = last_.ts_event,
               .ts_init = last_.ts_init,
               .update_id = last_.agg_trade_id,
               .bid = bid(tick),
               .ask = ask(tick),
               .bid_qty = shown,
               .ask_qty = shown,
               .ts_sent = last_.ts_event};
}

}  // namespace toxvol::engine
