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

/// Units of 1e-8; nothing where the raw is no whole multiple of them or does not fit 64 bits.
[[nodiscard]] inline std::optional<std::int64_t> units_of_raw(Int128 raw) {
  // 1e8 = 2^8 · 390625: without its factors of two nearly every raw divides in 64 bits.
  constexpr int kShift = 8;
  constexpr std::int64_t kRest = 390'625;
  static_assert((kRest << kShift) == kRawPerUnit);
  const Int128 shifted = raw >> kShift;
  const auto low = static_cast<std::int64_t>(shifted);
  if (Int128{low} == shifted) {
    const std::int64_t units = low / kRest;
    if (Int128{units} * kRawPerUnit == raw) return units;
    return std::nullopt;
  }
  if (raw % kRawPerUnit != 0) return std::nullopt;
  return narrow(raw / kRawPerUnit);
}

[[nodiscard]] inline std::optional<std::int64_t> get_raw(const std::uint8_t* bytes) {
  Int128 raw = 0;
  std::memcpy(&raw, bytes, kRawBytes);
  return units_of_raw(raw);
}

}  // namespace toxvol::columnar
