#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {

/// What NautilusTrader itself says after a fill of a netted position.
struct ReportedFill {
  Money fee{};
  Qty position{};        // signed
  double average = 0.0;  // `avg_px_open`
  Money position_pnl{};  // the position's `realized_pnl`
  Money wallet{};        // the account's total balance
};

/// A fee as the decimal that it is, in 1e-9: nine tenths of a rate still are one.
struct ExactFee {
  static constexpr std::int64_t kOne = 1'000'000'000;
  std::int64_t raw = 0;
};

/// The money of one netted position in NautilusTrader's margin account: its doubles, in its order
/// of operations, rounded where it rounds (half away from zero, to 1e-8). docs/parity.md.
class NautilusLedger {
 public:
  explicit NautilusLedger(Money deposit) : deposit_{deposit}, wallet_{deposit} {}

  /// The notional, rounded, times the fee, rounded again: a product of doubles, as in 1.221.
  [[nodiscard]] static Money commission(Price price, Qty qty, ExactFee fee);
  /// The same as 1.231: the exact product becomes the nearest double, which is rounded.
  [[nodiscard]] static Money decimal_commission(Price price, Qty qty, ExactFee fee);

  Booked fill(Side side, Price price, Qty qty, Money fee);
  /// ⌊−Q · mark · rate⌋, then `adjust_account`; gives what was added.
  Money fund(Rate rate, Mark mark);

  /// The same of NautilusTrader's own account: its numbers are taken, none is computed. Throws
  /// `Error` where its position or its account is not what the fills of this run make.
  Booked adopt(Side side, Qty qty, const ReportedFill& said);
  void adopt_funding(Money paid, Money wallet);

  [[nodiscard]] Qty position() const { return position_; }
  /// `avg_px_open`; of the last position while flat.
  [[nodiscard]] double average() const { return average_; }
  /// The position's `realized_pnl`: price and fees, since it was opened.
  [[nodiscard]] Money position_pnl() const { return position_pnl_; }
  [[nodiscard]] Money realised() const { return realised_; }
  [[nodiscard]] Money fees() const { return fees_; }
  [[nodiscard]] Money funding() const { return funding_; }
  /// The account's total balance.
  [[nodiscard]] Money wallet() const { return wallet_; }
  [[nodiscard]] Money unrealised(std::optional<Mark> mark) const;
  /// `margin`: the position at its average over `leverage`; nothing is asked of it.
  [[nodiscard]] Balance balance(std::optional<Mark> mark, int leverage) const;

 private:
  [[nodiscard]] Booked parts(Side side, Qty qty) const;
  void require_own(const Booked& booked, const ReportedFill& said) const;
  [[nodiscard]] double profit(Price price, Qty qty) const;

  Money deposit_;
  Money wallet_;
  Qty position_{};
  double average_ = 0.0;
  Money position_pnl_{};
  Money realised_{};
  Money fees_{};
  Money funding_{};
};

}  // namespace toxvol::engine
