#pragma once

#include <compare>
#include <cstdint>

namespace toxvol {

/// A decimal kept exactly as `raw` units of 1e-8. `Tag` keeps a price from being used as a
/// quantity; nothing converts to or from double implicitly.
template <class Tag>
class Fixed {
 public:
  static constexpr int kDecimals = 8;
  static constexpr std::int64_t kOne = 100'000'000;

  constexpr Fixed() = default;
  [[nodiscard]] static constexpr Fixed from_raw(std::int64_t raw) { return Fixed{raw}; }

  [[nodiscard]] constexpr std::int64_t raw() const { return raw_; }
  /// For statistics only: the ledger, the book and the catalog never call this.
  [[nodiscard]] constexpr double to_double() const { return static_cast<double>(raw_) / kOne; }

  constexpr Fixed& operator+=(Fixed rhs) {
    raw_ += rhs.raw_;
    return *this;
  }
  constexpr Fixed& operator-=(Fixed rhs) {
    raw_ -= rhs.raw_;
    return *this;
  }
  [[nodiscard]] constexpr Fixed operator-() const { return Fixed{-raw_}; }
  friend constexpr Fixed operator+(Fixed a, Fixed b) { return a += b; }
  friend constexpr Fixed operator-(Fixed a, Fixed b) { return a -= b; }
  friend constexpr auto operator<=>(Fixed, Fixed) = default;

 private:
  explicit constexpr Fixed(std::int64_t raw) : raw_{raw} {}
  std::int64_t raw_ = 0;
};

using Price = Fixed<struct PriceTag>;  // quote currency per base unit
using Qty = Fixed<struct QtyTag>;      // base units; signed where it is a position
using Money = Fixed<struct MoneyTag>;  // quote currency (USDT)
using Rate = Fixed<struct RateTag>;    // a fraction: fee, funding, margin rate

/// Without its sign; the smallest 64-bit number has its own only unsigned.
[[nodiscard]] constexpr std::uint64_t magnitude(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}
template <class Tag>
[[nodiscard]] constexpr Fixed<Tag> magnitude(Fixed<Tag> value) {
  return value < Fixed<Tag>{} ? -value : value;
}

}  // namespace toxvol
