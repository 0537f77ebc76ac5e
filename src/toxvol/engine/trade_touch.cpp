#include "toxvol/engine/trade_touch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::engine {

TradeTouch::TradeTouch(Qty lot) : lot_{lot} {
  ring_.reserve(kTrades);
  ordered_.reserve(kTrades + 1);
}

void TradeTouch::forget() {
  ring_.clear();
  ordered_.clear();
  is_sorted_ = true;
  has_traded_ = false;
  dropped_.reset();
  oldest_ = newer_ = 0;
  median_ = 0;
  minute_end_ = Timestamp::min();
  traded_ = last_minute_ = 0;
}

void TradeTouch::on(const Trade& trade) {
  on(std::span{&trade, 1});
}

void TradeTouch::on(std::span<const Trade> trades) {
  if (trades.empty()) return;
  last_ = trades.back();
  has_traded_ = true;
  for (const Trade& trade : trades) {
    if (trade.ts_event >= minute_end_) begin_minute(trade.ts_event);
    traded_ += trade.qty.raw();
  }
  put(trades.last(std::min(trades.size(), kTrades)));
}

void TradeTouch::put(std::span<const Trade> trades) {
  newer_ += trades.size();
  const std::size_t room = std::min(trades.size(), kTrades - ring_.size());
  for (const Trade& trade : trades.first(room)) ring_.push_back(trade.qty.raw());
  trades = trades.subspan(room);
  if (trades.empty()) return;
  dropped_ = ring_[oldest_];
  while (!trades.empty()) {
    const auto some = trades.first(std::min(trades.size(), kTrades - oldest_));
    std::transform(some.begin(), some.end(), ring_.begin() + static_cast<std::ptrdiff_t>(oldest_),
                   [](const Trade& trade) { return trade.qty.raw(); });
    oldest_ = (oldest_ + some.size()) % kTrades;
    trades = trades.subspan(some.size());
  }
}

void TradeTouch::begin_minute(Timestamp ts) {
  const Timestamp start = std::chrono::floor<std::chrono::minutes>(ts);
  last_minute_ = start == minute_end_ ? traded_ : 0;  // a minute without a trade lies between
  traded_ = 0;
  minute_end_ = start + kMinute;
}

std::int64_t TradeTouch::median() {
  const std::size_t newer = std::exchange(newer_, 0);
  if (newer == 0) return median_;
  const bool replaces = newer == 1 && is_sorted_;  // where every trade is asked for
  if (replaces) {
    if (dropped_) ordered_.erase(std::lower_bound(ordered_.begin(), ordered_.end(), *dropped_));
    const std::int64_t qty = last_.qty.raw();
    ordered_.insert(std::upper_bound(ordered_.begin(), ordered_.end(), qty), qty);
  } else {
    ordered_ = ring_;
    is_sorted_ = newer == 1;
    if (is_sorted_) std::sort(ordered_.begin(), ordered_.end());
  }
  const auto low = ordered_.begin() + static_cast<std::ptrdiff_t>((ordered_.size() - 1) / 2);
  if (!is_sorted_) std::nth_element(ordered_.begin(), low, ordered_.end());
  auto high = low;
  if (ordered_.size() % 2 == 0) {
    high = is_sorted_ ? low + 1 : std::min_element(low + 1, ordered_.end());
  }
  // The middle of the two; halving their distance cannot overflow.
  median_ = *low + (*high - *low) / 2;
  return median_;
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
