#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/core/fixed.hpp"

namespace toxvol::engine {

/// Traded quantity of one book side that decreases of the shown size have not repaid yet (X17).
/// aggTrades merge up to 100 ms, so a decrease may come after the trade that explains it.
class Debt {
 public:
  static constexpr std::int64_t kLifeMs = 100;

  void add(Price price, Qty qty, std::int64_t ms) {
    drop_old(ms);
    items_.push_back({price, qty, ms});
  }
  /// The size at `price` fell by `decrease`: gives how much of that was traded, oldest first.
  [[nodiscard]] Qty repay(Price price, Qty decrease, std::int64_t ms) {
    drop_old(ms);
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
    std::int64_t ms = 0;
  };
  void drop_old(std::int64_t ms) {
    while (first_ < items_.size() && items_[first_].ms + kLifeMs < ms) ++first_;
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
