#include "toxvol/engine/exchange/trade_touch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::engine {

TradeTouch::TradeTouch(Qty lot) : lot_{lot} {
  ring_.reserve(kTrades);
  sorted_.reserve(kTrades + 1);
}

Quote TradeTouch::on(const Trade& trade, Price tick) {
  const std::int64_t qty = trade.qty.raw();
  if (ring_.size() == kTrades) {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), ring_[oldest_]));
    ring_[oldest_] = qty;
    oldest_ = (oldest_ + 1) % kTrades;
  } else {
    ring_.push_back(qty);
  }
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), qty), qty);

  const std::size_t n = sorted_.size();
  // An even number has its median between the middle two; halving their distance cannot overflow.
  const std::int64_t low = sorted_[(n - 1) / 2];
  const std::int64_t median = low + (sorted_[n / 2] - low) / 2;
  const Qty size = std::max(lot_, Qty::from_raw(median - median % lot_.raw()));
  const bool buys = trade.aggressor == Side::Buy;
  return Quote{.ts_event = trade.ts_event,
               .ts_init = trade.ts_init,
               .update_id = trade.agg_trade_id,
               .bid = buys ? trade.price - tick : trade.price,
               .ask = buys ? trade.price : trade.price + tick,
               .bid_qty = size,
               .ask_qty = size,
               .ts_sent = trade.ts_event};
}

}  // namespace toxvol::engine
