#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {

/// The strategy's own position and money, from what it was told alone: fills, fees, and funding
/// once its rate is known. docs/strategy.md, "Own account".
class Account {
 public:
  /// `funding`: whether payments are booked; `funding_delay`: from ts_init to when a rate counts.
  Account(Money deposit, bool funding, Duration funding_delay);

  void on(const trading::FillSeen& fill);
  /// A settlement is published; booked by `book_funding` once it counts.
  void on(const Funding& funding);
  /// Books what is known at `now`. Called before equity is read.
  void book_funding(Timestamp now);
  /// The price that the position is marked at from now on: bid + ask, so that the half is exact.
  void mark(Price bid, Price ask);
  /// Forgets fills too old to matter for a settlement that is still to come.
  void forget_before(Timestamp ts);

  [[nodiscard]] Qty position() const { return position_; }
  /// Average price of the fills that opened the position, rounded down to 1e-8; of the last one
  /// when flat.
  [[nodiscard]] Price average() const { return average_; }
  /// Cash plus the position at the mark.
  [[nodiscard]] Money equity() const;

 private:
  struct PastFill {
    Timestamp ts_event{};
    Qty signed_qty{};
  };
  struct Pending {
    Timestamp calc_time{};
    Timestamp known_at{};
    Rate rate{};
    std::int64_t mark_sum = 0;  // bid + ask
    Qty position{};             // of the fills before calc_time
  };

  bool funding_;
  Duration funding_delay_;
  Money cash_;
  Qty position_{};
  Price average_{};
  Int128 opened_cost_ = 0;  // Σ p·q of the opening fills, 1e-16
  Int128 opened_qty_ = 0;
  std::optional<std::int64_t> mark_sum_;
  std::vector<PastFill> recent_;
  std::vector<Pending> pending_;
};

}  // namespace toxvol::strategy
