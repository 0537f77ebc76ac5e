#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/time.hpp"

namespace toxvol::report {

/// Texts for people. Groups of three digits are parted by a narrow no-break space, minus is U+2212;
/// an absent value is an en dash.

/// `raw` units of 1e-8 of money: `−11 432.27`, rounded half away from zero to cents.
[[nodiscard]] std::string money(std::int64_t raw);
/// The same with a plus sign where it is positive.
[[nodiscard]] std::string signed_money(std::int64_t raw);
[[nodiscard]] std::string money(std::optional<std::int64_t> raw);
/// Rounded half away from zero to `decimals` (0 to 8) digits: averages of prices.
[[nodiscard]] std::string price(std::optional<std::int64_t> raw, int decimals);
/// A decimal with all its digits: `60 000.1`.
[[nodiscard]] std::string decimal(std::optional<std::int64_t> raw);
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

/// Units of 1e-8 of `-12.5`. Throws `Error` naming `where` for anything else.
[[nodiscard]] std::int64_t parse_decimal(std::string_view text, std::string_view where);

/// The kind of data that a word of `mode` says is missing.
[[nodiscard]] std::string missing_kind(std::string_view word);

}  // namespace toxvol::report
