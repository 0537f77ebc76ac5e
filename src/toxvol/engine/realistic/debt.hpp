#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/engine/exchange_time.hpp"

namespace toxvol::engine {

/// Traded quantity of one book side that decreases of the shown size have not repaid yet (X17).
/// aggTrades merge up to 100 ms, so a decrease may come after the trade that explains it.
class Debt {
 public:
  static constexpr Milliseconds kLife{100};

  void add(Price price, Qty qty, ExchangeTime now) {
    drop_old(now);
    items_.push_back({price, qty, now});
  }
  /// The size at `price` fell by `decrease`: gives how much of that was traded, oldest first.
  [[nodiscard]] Qty repay(Price price, Qty decrease, ExchangeTime now) {
    drop_old(now);
    Qty repaid{};
    for (std::size_t i = first_; i < items_.size() && repaid < decrease; ++i) {
      if (items_[i].price != price) continue;
      const Qty part = std::min(items_[i].qty, decrease - repaid);
      items_[i].qty -= part;
      repaid += part;
    }
    return repaid;
  }

 private:
  struct Item {
    Price price{};
    Qty qty{};
    ExchangeTime at{};
  };
  void drop_old(ExchangeTime now) {
    while (first_ < items_.size() && items_[first_].at + kLife < now) ++first_;
    if (first_ == items_.size() || first_ > kCompactAt) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
  }
  static constexpr std::size_t kCompactAt = 1'024;

  std::vector<Item> items_;
  std::size_t first_ = 0;
};

}  // namespace toxvol::engine
