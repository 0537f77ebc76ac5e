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

/// Exact. Nothing where `time` is not of that unit's magnitude.
[[nodiscard]] std::optional<Timestamp> to_timestamp(std::int64_t time, TimeUnit unit) noexcept;

/// `YYYY-MM-DD HH:MM:SS`, UTC, exactly; nothing for any other text or an impossible date.
[[nodiscard]] std::optional<Timestamp> parse_utc_text(std::string_view text) noexcept;

}  // namespace toxvol::csv
