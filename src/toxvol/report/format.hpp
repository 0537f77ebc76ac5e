#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::report {

/// What stands for an absent value.
inline constexpr std::string_view kAbsent = "\u2013";

/// Texts for people. Groups of three digits are parted by a narrow no-break space, minus is U+2212;
/// an absent value is an en dash.

/// `−11 432.27`, rounded half away from zero to cents.
[[nodiscard]] std::string money(Money money);
/// The same with a plus sign where it is positive.
[[nodiscard]] std::string signed_money(Money money);
[[nodiscard]] std::string money(const std::optional<Money>& money);
/// Rounded half away from zero to `decimals` (0 to 8) digits: averages of prices.
[[nodiscard]] std::string price(const std::optional<Price>& price, int decimals);
/// Units of 1e-8 with all their digits: `60 000.1`.
[[nodiscard]] std::string decimal(std::int64_t raw);
template <class Tag>
[[nodiscard]] std::string decimal(Fixed<Tag> value) {
  return decimal(value.raw());
}
[[nodiscard]] std::string count(std::int64_t value);
[[nodiscard]] std::string number(std::optional<double> value, int decimals,
                                 std::string_view unit = "");
/// A fraction in per cent.
[[nodiscard]] std::string percent(std::optional<double> fraction, int decimals);
[[nodiscard]] std::string signed_percent(std::optional<double> fraction, int decimals);
/// `26 min 37 s`, `3 h 05 min`.
[[nodiscard]] std::string duration(double seconds);
/// `2024-01-10 00:31:05`, UTC, floored to the second.
[[nodiscard]] std::string time_text(Timestamp ts);

/// The kind of data that a word of `mode` says is missing.
[[nodiscard]] std::string missing_kind(std::string_view word);
/// What a run does without that kind, and in a minute in which it is overdue (docs/absence.md).
[[nodiscard]] std::string_view absent_means(std::string_view word);
[[nodiscard]] std::string_view overdue_means(std::string_view word);

}  // namespace toxvol::report
