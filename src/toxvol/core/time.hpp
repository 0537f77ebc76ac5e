#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace toxvol {

/// Nanoseconds since the epoch, UTC, signed.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;
using Duration = std::chrono::nanoseconds;
using Day = std::chrono::sys_days;

inline constexpr Duration kMillisecond = std::chrono::milliseconds{1};
inline constexpr Duration kMinute = std::chrono::minutes{1};
inline constexpr Duration kDay = std::chrono::hours{24};

[[nodiscard]] constexpr Timestamp from_ns(std::int64_t ns) {
  return Timestamp{Duration{ns}};
}
[[nodiscard]] constexpr std::int64_t to_ns(Timestamp ts) {
  return ts.time_since_epoch().count();
}
[[nodiscard]] constexpr Timestamp from_ms(std::int64_t ms) {
  return Timestamp{std::chrono::milliseconds{ms}};
}
/// The millisecond that `ts` lies in.
[[nodiscard]] constexpr std::int64_t floor_ms(Timestamp ts) {
  return std::chrono::floor<std::chrono::milliseconds>(ts.time_since_epoch()).count();
}
[[nodiscard]] constexpr Day day_of(Timestamp ts) {
  return std::chrono::floor<std::chrono::days>(ts);
}

/// `2024-03-30`.
[[nodiscard]] std::string to_string(Day day);
/// `2024-03-30T12:00:00Z`, with as many fractional digits (3, 6, 9) as the value needs.
[[nodiscard]] std::string to_string(Timestamp ts);

}  // namespace toxvol
