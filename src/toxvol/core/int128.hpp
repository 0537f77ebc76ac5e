#pragma once

#include <cstdint>
#include <optional>

namespace toxvol {

__extension__ using Int128 = __int128;

/// Quotient rounded towards minus infinity. `divisor` > 0.
[[nodiscard]] constexpr Int128 div_floor(Int128 value, Int128 divisor) {
  const Int128 quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

/// Quotient rounded towards plus infinity. `divisor` > 0.
[[nodiscard]] constexpr Int128 div_ceil(Int128 value, Int128 divisor) {
  return -div_floor(-value, divisor);
}

/// `value` as 64 bits, or nothing where it does not fit.
[[nodiscard]] constexpr std::optional<std::int64_t> narrow(Int128 value) {
  const auto narrowed = static_cast<std::int64_t>(value);
  if (narrowed != value) return std::nullopt;
  return narrowed;
}

}  // namespace toxvol
