#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/expected.hpp"

/// Decimal numbers as text and as the whole units of 1e-8 that `Fixed` counts, exactly.
namespace toxvol {

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/// Number of decimals of `e8` units of 1e-8 without trailing zeros: 0.10 has 1.
[[nodiscard]] int decimals(std::int64_t e8);

/// Shortest text: 150000000 is `1.5`, 100000000 is `1`.
[[nodiscard]] std::string decimal_text(std::int64_t e8);
/// With `decimals` digits after the point; those beyond are cut off.
[[nodiscard]] std::string decimal_text(std::int64_t e8, int decimals);

/// `value` units of 10^-scale with all `scale` decimals: (-5, 2) is `-0.05`. 0 <= scale <= 18.
[[nodiscard]] std::string scaled_text(std::int64_t value, int scale);
/// The same into a buffer with room for `kLongestDecimal`; returns the end of what was written.
inline constexpr std::size_t kLongestDecimal = 24;
[[nodiscard]] char* write_decimal(char* out, std::int64_t value, int scale) noexcept;

enum class DecimalFault : std::uint8_t {
  NotADecimal,      // empty, a letter, a quote, a `+`
  TooManyDecimals,  // a ninth decimal that is not zero
  OutOfRange,       // beyond int64
};
enum class Exponents : std::uint8_t { Refused, Allowed };

/// Units of 1e-8: `-0.5`, `27077.3`, `2474.30000000`, `.5`, `5.`; where allowed also `1e6`, `5E-4`
/// (exponents of at most 18 either way).
[[nodiscard]] Expected<std::int64_t, DecimalFault> parse_decimal(
    std::string_view text, Exponents exponents = Exponents::Refused) noexcept;

/// The double nearest to `e8` units of 1e-8, and what units a double means: its shortest decimal
/// text, if that has at most 8 decimals and fits.
[[nodiscard]] double double_of_raw(std::int64_t e8);
[[nodiscard]] std::optional<std::int64_t> raw_of_double(double value);

}  // namespace toxvol
