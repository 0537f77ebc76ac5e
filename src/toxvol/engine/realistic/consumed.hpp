#pragma once

#include <algorithm>
#include <cstdint>

#include "toxvol/core/fixed.hpp"
#include "toxvol/engine/exchange_time.hpp"

namespace toxvol::engine {

/// What we took of one best price and the recorded data still shows (X7).
class Consumed {
 public:
  static constexpr Milliseconds kLife{1'000};

  /// The touch shows `shown` at `price`.
  void on_row(Price price, Qty shown, ExchangeTime now) {
    if (qty_ == Qty{}) return;
    if (price != price_ || now - taken_at_ >= kLife) {
      qty_ = Qty{};
    } else {
      qty_ = std::min(qty_, std::max(shown, Qty{}));
    }
  }
  /// We took `qty` of the best price `price`.
  void take(Price price, Qty qty, ExchangeTime now) {
    qty_ = at(price, now) + qty;
    price_ = price;
    taken_at_ = now;
  }
  /// Of the best price `price`: by its age a touch can become another without a row (N4).
  [[nodiscard]] Qty at(Price price, ExchangeTime now) const {
    return price == price_ && !empty(now) ? qty_ : Qty{};
  }
  [[nodiscard]] bool empty(ExchangeTime now) const {
    return qty_ == Qty{} || now - taken_at_ >= kLife;
  }

 private:
  Price price_{};
  Qty qty_{};
  ExchangeTime taken_at_{};
};

}  // namespace toxvol::engine
