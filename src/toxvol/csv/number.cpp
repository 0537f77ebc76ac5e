#include "toxvol/csv/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace toxvol::csv {

namespace {

constexpr int kDecimals = 8;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Digits one after another; false once the value leaves int64 (one more on the negative side).
class Magnitude {
 public:
  explicit Magnitude(bool negative) noexcept : limit_{kMax + (negative ? 1U : 0U)} {}

  [[nodiscard]] bool push(unsigned digit) noexcept {
    if (value_ > (limit_ - digit) / 10) return false;
    value_ = value_ * 10 + digit;
    return true;
  }
  [[nodiscard]] std::int64_t value(bool negative) const noexcept {
    return static_cast<std::int64_t>(negative ? std::uint64_t{0} - value_ : value_);
  }

 private:
  static constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::uint64_t limit_;
  std::uint64_t value_ = 0;
};

unsigned digit_of(char c) noexcept {
  return static_cast<unsigned>(c - '0');
}

}  // namespace

Expected<std::int64_t, RowFault> parse_e8(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);

  Magnitude magnitude{negative};
  bool any_digit = false;
  bool after_point = false;
  bool fits = true;
  bool exact = true;
  int decimals = 0;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(c)) return Unexpected<RowFault>{RowFault::BadDecimal};
    any_digit = true;
    if (after_point && decimals == kDecimals) {
      exact = exact && c == '0';
      continue;
    }
    if (after_point) ++decimals;
    fits = fits && magnitude.push(digit_of(c));
  }
  // Letters anywhere come first: a value is judged only once the text is a number.
  if (!any_digit) return Unexpected<RowFault>{RowFault::BadDecimal};
  if (!exact) return Unexpected<RowFault>{RowFault::TooManyDecimals};
  for (; decimals < kDecimals; ++decimals) fits = fits && magnitude.push(0);
  if (!fits) return Unexpected<RowFault>{RowFault::OutOfRange};
  return magnitude.value(negative);
}

Expected<std::int64_t, RowFault> parse_int(std::string_view text) noexcept {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return Unexpected<RowFault>{RowFault::BadInteger};

  Magnitude magnitude{negative};
  bool fits = true;
  for (const char c : text) {
    if (!is_digit(c)) return Unexpected<RowFault>{RowFault::BadInteger};
    fits = fits && magnitude.push(digit_of(c));
  }
  if (!fits) return Unexpected<RowFault>{RowFault::OutOfRange};
  return magnitude.value(negative);
}

Expected<bool, RowFault> parse_bool(std::string_view text) noexcept {
  if (text == "true" || text == "True") return true;
  if (text == "false" || text == "False") return false;
  return Unexpected<RowFault>{RowFault::BadFlag};
}

Expected<double, RowFault> parse_double(std::string_view text) noexcept {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::result_out_of_range) return Unexpected<RowFault>{RowFault::OutOfRange};
  // from_chars reads "nan" and "inf" too.
  if (status != std::errc{} || stop != end || !std::isfinite(value)) {
    return Unexpected<RowFault>{RowFault::BadNumber};
  }
  return value;
}

}  // namespace toxvol::csv
