#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {

/// Position and money of one USDT-margined, isolated, one-way account, exact in 1e-8. Identities I1
/// and I2 are asserted at every change and by `check`. docs/engine.md, "Ledger".
class Ledger {
 public:
  Ledger(Money deposit, int leverage);

  Booked fill(Side side, Price price, Qty qty, Money fee);
  /// G += ⌊−Q · mark · rate⌋; gives what was added.
  Money fund(Rate rate, Mark mark);
  /// What the insurance fund takes over of a liquidation's loss.
  void insure(Money amount);
  /// I1 = I2 at `mark`.
  void check(std::optional<Mark> mark) const;

  [[nodiscard]] Qty position() const { return position_; }
  [[nodiscard]] Money cost() const { return cost_; }
  [[nodiscard]] Money realised() const { return realised_; }
  [[nodiscard]] Money fees() const { return fees_; }
  [[nodiscard]] Money funding() const { return funding_; }
  [[nodiscard]] Money insurance() const { return insurance_; }
  [[nodiscard]] Money wallet() const {
    return deposit_ + realised_ - fees_ + funding_ + insurance_;
  }
  /// Q · mark − C; 0 without a mark.
  [[nodiscard]] Money unrealised(std::optional<Mark> mark) const;
  [[nodiscard]] Money equity(std::optional<Mark> mark) const { return wallet() + unrealised(mark); }
  /// M = ⌈|C| / leverage⌉.
  [[nodiscard]] Money margin() const;
  [[nodiscard]] Balance balance(std::optional<Mark> mark) const;
  /// ⌈price · qty / leverage⌉.
  [[nodiscard]] Money margin_of(Price price, Qty qty) const;

 private:
  Money deposit_;
  std::int64_t leverage_;
  Qty position_{};     // Q, signed
  Money cost_{};       // C, signed
  Money realised_{};   // R
  Money fees_{};       // F
  Money funding_{};    // G
  Money insurance_{};  // I
  Int128 traded_ = 0;  // Σ s·p·q, for I2
};

}  // namespace toxvol::engine
