#include "toxvol/core/decimal.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/printable.hpp"

namespace toxvol {

namespace {

constexpr int kDecimals = Price::kDecimals;
constexpr int kLargestExponent = 18;

constexpr std::array<char, 200> digit_pairs() {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}
constexpr std::array<char, 200> kPairs = digit_pairs();

constexpr std::array<std::uint64_t, 19> powers_of_ten() {
  std::array<std::uint64_t, 19> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<std::uint64_t, 19> kPowers = powers_of_ten();

/// Writes `value` so that it ends at `end`; at least `least` digits. Returns its first character.
char* digits_before(char* end, std::uint64_t value, int least) noexcept {
  char* at = end;
  while (value >= 100) {
    at -= 2;
    std::memcpy(at, &kPairs[2 * (value % 100)], 2);
    value /= 100;
  }
  if (value >= 10) {
    at -= 2;
    std::memcpy(at, &kPairs[2 * value], 2);
  } else if (value > 0 || at == end) {
    *--at = static_cast<char>('0' + value);
  }
  while (end - at < least) *--at = '0';
  return at;
}

/// Digits one after another, as far as they fit into int64 (one more on the negative side).
class Digits {
 public:
  explicit Digits(bool negative) noexcept : limit_{kMax + (negative ? 1U : 0U)} {}

  void push(char c) noexcept {
    const auto digit = static_cast<unsigned>(c - '0');
    fits_ = fits_ && value_ <= (limit_ - digit) / 10;
    if (fits_) value_ = value_ * 10 + digit;
  }
  /// Takes the last digit away again; false if it is not zero.
  [[nodiscard]] bool drop_zero() noexcept {
    const bool is_zero = value_ % 10 == 0;
    value_ /= 10;
    return is_zero;
  }
  [[nodiscard]] bool fits() const noexcept { return fits_; }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  static constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::uint64_t limit_;
  std::uint64_t value_ = 0;
  bool fits_ = true;
};

/// Cuts `e…` off the end of `text`; nothing where that is no exponent.
std::optional<int> take_exponent(std::string_view& text) noexcept {
  const std::size_t place = text.find_first_of("eE");
  if (place == std::string_view::npos) return 0;
  std::string_view digits = text.substr(place + 1);
  text = text.substr(0, place);
  if (digits.starts_with('+')) digits.remove_prefix(digits.starts_with("+-") ? digits.size() : 1);
  int exponent = 0;
  const char* const begin = digits.data();
  const char* const end = begin + digits.size();
  const auto [stop, status] = std::from_chars(begin, end, exponent);
  if (status != std::errc{} || stop != end) return std::nullopt;
  if (exponent < -kLargestExponent || exponent > kLargestExponent) return std::nullopt;
  return exponent;
}

}  // namespace

int decimals(std::int64_t e8) {
  if (e8 == 0) return 0;
  int count = kDecimals;
  for (; count > 0 && e8 % 10 == 0; e8 /= 10) --count;
  return count;
}

char* write_decimal(char* out, std::int64_t value, int scale) noexcept {
  if (value < 0) *out++ = '-';
  const std::uint64_t one = kPowers[static_cast<std::size_t>(scale)];
  std::array<char, kLongestDecimal> text;
  char* const end = text.data() + text.size();
  char* first = end;
  if (scale > 0) {
    first = digits_before(end, magnitude(value) % one, scale);
    *--first = '.';
  }
  first = digits_before(first, magnitude(value) / one, 1);
  const auto size = static_cast<std::size_t>(end - first);
  std::memcpy(out, first, size);
  return out + size;
}

std::string scaled_text(std::int64_t value, int scale) {
  std::array<char, kLongestDecimal> text;
  return {text.data(), write_decimal(text.data(), value, scale)};
}

std::string decimal_text(std::int64_t e8) {
  return decimal_text(e8, decimals(e8));
}

std::string decimal_text(std::int64_t e8, int decimals) {
  std::string text = scaled_text(e8, kDecimals);
  text.resize(text.size() - static_cast<std::size_t>(kDecimals - decimals));
  if (decimals == 0) text.pop_back();
  return text;
}

Expected<std::int64_t, DecimalFault> parse_decimal(std::string_view text,
                                                   Exponents exponents) noexcept {
  using Fault = Unexpected<DecimalFault>;
  int places = kDecimals;  // of the digits after the point that still count
  if (exponents == Exponents::Allowed) {
    const std::optional<int> exponent = take_exponent(text);
    if (!exponent) return Fault{DecimalFault::NotADecimal};
    places += *exponent;
  }
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);

  Digits digits{negative};
  bool any_digit = false;
  bool after_point = false;
  bool exact = true;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(c)) return Fault{DecimalFault::NotADecimal};
    any_digit = true;
    if (after_point && places <= 0) {
      exact = exact && c == '0';
      continue;
    }
    if (after_point) --places;
    digits.push(c);
  }
  // Letters anywhere come first: a value is judged only once the text is a number.
  if (!any_digit) return Fault{DecimalFault::NotADecimal};
  for (; places < 0; ++places) exact = digits.drop_zero() && exact;
  if (!exact) return Fault{DecimalFault::TooManyDecimals};
  for (; places > 0; --places) digits.push('0');
  if (!digits.fits()) return Fault{DecimalFault::OutOfRange};
  const std::uint64_t value = digits.value();
  return static_cast<std::int64_t>(negative ? std::uint64_t{0} - value : value);
}

double double_of_raw(std::int64_t e8) {
  // Through text: e8 / 1e8 rounds twice once e8 needs more than 53 bits.
  std::array<char, kLongestDecimal> text;
  const char* const end = write_decimal(text.data(), e8, kDecimals);
  double value = 0.0;
  std::from_chars(text.data(), end, value);
  return value;
}

std::optional<std::int64_t> raw_of_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 400> text;
  const char* const end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  const auto e8 = parse_decimal({text.data(), static_cast<std::size_t>(end - text.data())});
  return e8 ? std::optional{*e8} : std::nullopt;
}

}  // namespace toxvol
