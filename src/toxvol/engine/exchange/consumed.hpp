#pragma once

#include <algorithm>
#include <cstdint>

#include "toxvol/core/fixed.hpp"

namespace toxvol::engine {

/// What we took of one best price and the recorded data still shows (X7).
class Consumed {
 public:
  static constexpr std::int64_t kLifeMs = 1'000;

  /// A quote row shows `shown` at `price`.
  void on_row(Price price, Qty shown, std::int64_t ms) {
    if (qty_ == Qty{}) return;
    if (price != price_ || ms - taken_ms_ >= kLifeMs) {
      qty_ = Qty{};
    } else {
      qty_ = std::min(qty_, std::max(shown, Qty{}));
    }
  }
  /// We took `qty` of the best price `price`.
  void take(Price price, Qty qty, std::int64_t ms) {
    qty_ = at(ms) + qty;
    price_ = price;
    taken_ms_ = ms;
  }
  [[nodiscard]] Qty at(std::int64_t ms) const { return ms - taken_ms_ >= kLifeMs ? Qty{} : qty_; }

 private:
  Price price_{};
  Qty qty_{};
  std::int64_t taken_ms_ = 0;
};

}  // namespace toxvol::engine
