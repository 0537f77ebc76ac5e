#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace toxvol {

/// Whether numbers are multiples of one that is known long before them: a multiplication and a
/// comparison, where the remainder would cost a division (Granlund and Montgomery 1994, section 9).
/// A multiple of d = 2^k · o, o odd, is the one product of the inverse of o, modulo 2^64 and turned
/// right by k bits, that does not exceed the greatest quotient.
class Divisor {
 public:
  /// `value` is above 0.
  constexpr explicit Divisor(std::int64_t value)
      : shift_{std::countr_zero(static_cast<std::uint64_t>(value))},
        most_{std::numeric_limits<std::uint64_t>::max() / static_cast<std::uint64_t>(value)} {
    const std::uint64_t odd = static_cast<std::uint64_t>(value) >> shift_;
    inverse_ = odd;  // right in the lowest three bits; each step doubles their number
    for (int bits = 3; bits < 64; bits *= 2) inverse_ *= 2 - odd * inverse_;
  }

  [[nodiscard]] constexpr bool divides(std::int64_t number) const {
    const auto bits = static_cast<std::uint64_t>(number);
    const std::uint64_t size = number < 0 ? 0 - bits : bits;
    return quotient(size) <= most_;
  }

  /// How often `number` holds it, if that is a whole number. Else a number that is greater than
  /// how often any number of 64 bits holds it.
  [[nodiscard]] constexpr std::uint64_t quotient(std::uint64_t number) const {
    return std::rotr(number * inverse_, shift_);
  }

 private:
  int shift_;
  std::uint64_t most_;
  std::uint64_t inverse_ = 0;
};

}  // namespace toxvol
