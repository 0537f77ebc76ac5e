#pragma once

#include <cstdint>
#include <cstring>
#include <optional>

#include "toxvol/core/int128.hpp"

namespace toxvol::columnar {

/// NautilusTrader's fixed point: little-endian two's complement units of 1e-16.
inline constexpr int kRawBytes = 16;
inline constexpr std::int64_t kRawPerUnit = 100'000'000;  // 1e-8 = 1e8 · 1e-16

inline void put_raw(std::int64_t units, std::uint8_t* out) {
  const Int128 raw = Int128{units} * kRawPerUnit;
  std::memcpy(out, &raw, kRawBytes);
}

/// Nothing where the raw is no whole multiple of 1e-8 or does not fit 64 bits of them.
[[nodiscard]] inline std::optional<std::int64_t> get_raw(const std::uint8_t* bytes) {
  Int128 raw;
  std::memcpy(&raw, bytes, kRawBytes);
  // Nearly every raw fits the fast path: |raw| < 2^63 · 1e8 and 64-bit halves of the division.
  if (raw % kRawPerUnit != 0) return std::nullopt;
  return narrow(raw / kRawPerUnit);
}

}  // namespace toxvol::columnar
