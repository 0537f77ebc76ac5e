#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol {

/// Times that are written as text are of these years: what lies beyond is a slip of the pen, and
/// nanoseconds end in 2262. NautilusTrader names files by the epoch.
inline constexpr std::chrono::year kFirstYear{1970};
inline constexpr std::chrono::year kLastYear{2200};
inline constexpr std::string_view kYears = "1970 to 2200";

/// The day of a date; nothing where there is no such date, or where it is of other years. Whoever
/// reads a date from text goes through this one.
[[nodiscard]] constexpr std::optional<Day> day_of_date(std::chrono::year_month_day date) {
  if (!date.ok() || date.year() < kFirstYear || date.year() > kLastYear) return std::nullopt;
  return Day{date};
}

/// A UTC day, `2024-01-31`, or a time, `2024-01-31T12:00:00Z`: also without seconds or zone, with a
/// fraction, or of another zone, `+02:00`. Nothing for any other text or year.
[[nodiscard]] std::optional<Timestamp> time_from_text(std::string_view text);

}  // namespace toxvol
