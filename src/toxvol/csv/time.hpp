#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol::csv {

/// The unit of a file's times. Futures files are in milliseconds; microseconds are worth a finding
/// (UNIT_MICROSECONDS).
enum class TimeUnit : std::uint8_t { Seconds, Milliseconds, Microseconds };

/// By magnitude: years 2001 to 2128, as seconds ≈ 1.6e9, milliseconds ≈ 1.6e12, microseconds
/// ≈ 1.6e15; nothing else is a time.
[[nodiscard]] std::optional<TimeUnit> unit_of(std::int64_t time) noexcept;

/// 2001-09-09 to 2128-06-11: wide enough for any file, narrow enough that the units never overlap
/// and nanoseconds fit.
inline constexpr std::int64_t kFirstSecond = 1'000'000'000;
inline constexpr std::int64_t kEndSecond = 5'000'000'000;

[[nodiscard]] constexpr std::int64_t units_per_second(TimeUnit unit) noexcept {
  switch (unit) {
    case TimeUnit::Seconds:
      return 1;
    case TimeUnit::Milliseconds:
      return 1'000;
    case TimeUnit::Microseconds:
      return 1'000'000;
  }
  return 1;
}

/// Exact. Nothing where `time` is not of that unit's magnitude.
[[nodiscard]] constexpr std::optional<Timestamp> to_timestamp(std::int64_t time,
                                                              TimeUnit unit) noexcept {
  const std::int64_t scale = units_per_second(unit);
  if (time < kFirstSecond * scale || time >= kEndSecond * scale) return std::nullopt;
  return from_ns(time * (1'000'000'000 / scale));
}

/// `YYYY-MM-DD HH:MM:SS`, UTC, exactly; nothing for any other text or an impossible date.
[[nodiscard]] std::optional<Timestamp> parse_utc_text(std::string_view text) noexcept;

}  // namespace toxvol::csv
