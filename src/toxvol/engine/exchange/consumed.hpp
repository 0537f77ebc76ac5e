#pragma once

#include <algorithm>
#include <cstdint>

#include "toxvol/core/fixed.hpp"

namespace toxvol::engine {

/// What we took of one best price and the recorded data still shows (X7).
class Consumed {
 public:
  static constexpr std::int64_t kLifeMs = 1'000;

  /// The touch shows `shown` at `price`.
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
    qty_ = at(price, ms) + qty;
    price_ = price;
    taken_ms_ = ms;
  }
  /// Of the best price `price`: by its age a touch can become another without a row (N4).
  [[nodiscard]] Qty at(Price price, std::int64_t ms) const {
    return price == price_ && !empty(ms) ? qty_ : Qty{};
  }
  [[nodiscard]] bool empty(std::int64_t ms) const {
    return qty_ == Qty{} || ms - taken_ms_ >= kLifeMs;
  }

 private:
  Price price_{};
  Qty qty_{};
  std::int64_t taken_ms_ = 0;
};

}  // namespace toxvol::engine
