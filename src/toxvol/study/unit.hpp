#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol::study {

/// The piece of time that one return is of (R2).
enum class Unit : std::uint8_t { Minute, QuarterHour, Hour, FourHours, Day };

[[nodiscard]] constexpr Duration length_of(Unit unit) {
  constexpr Duration kLengths[] = {kMinute, 15 * kMinute, std::chrono::hours{1},
                                   std::chrono::hours{4}, kDay};
  return kLengths[static_cast<std::size_t>(unit)];
}
/// `1m` `15m` `1h` `4h` `1d`.
[[nodiscard]] std::string_view name(Unit unit);
/// Nothing for another word.
[[nodiscard]] std::optional<Unit> unit_named(std::string_view word);

/// Why a figure is null (R5), in the order in which one is named where several apply.
enum class Note : std::uint8_t {
  NotApplicable,
  NoTrades,
  Ruined,
  TooShort,
  NoSpread,
  OneTrial,
  NoOverlap,
  Impossible,
  Fallback
};
[[nodiscard]] std::string_view name(Note note);

/// The one to name of two.
[[nodiscard]] std::optional<Note> first_of(std::optional<Note> a, std::optional<Note> b);

}  // namespace toxvol::study
