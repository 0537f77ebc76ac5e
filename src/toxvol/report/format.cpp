#include "toxvol/report/format.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/documents.hpp"

namespace toxvol::report {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNarrowSpace = "\u202f";
constexpr std::string_view kAbsent = "\u2013";
constexpr std::int64_t kOne = 100'000'000;
constexpr std::int64_t kCent = kOne / 100;

/// `-1234567.25` as people read it.
std::string typeset(std::string_view plain) {
  std::string text;
  if (plain.starts_with('-')) {
    text = kMinus;
    plain.remove_prefix(1);
  }
  const std::size_t point = std::min(plain.find('.'), plain.size());
  for (std::size_t i = 0; i < point; ++i) {
    if (i > 0 && (point - i) % 3 == 0) text += kNarrowSpace;
    text += plain[i];
  }
  return text += plain.substr(point);
}

/// Whether `plain` has a digit that is not 0.
bool is_zero(std::string_view plain) {
  return plain.find_first_of("123456789") == std::string_view::npos;
}

std::string with_sign(std::string text, bool is_positive) {
  return is_positive ? '+' + std::move(text) : text;
}

}  // namespace

std::string money(std::int64_t raw) {
  return price(raw, 2);
}

std::string signed_money(std::int64_t raw) {
  return with_sign(money(raw), raw >= kCent / 2);
}

std::string money(std::optional<std::int64_t> raw) {
  return raw ? money(*raw) : std::string{kAbsent};
}

std::string price(std::optional<std::int64_t> raw, int decimals) {
  if (!raw) return std::string{kAbsent};
  std::int64_t unit = kOne;  // of the last digit shown
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; ++i) {
    unit /= 10;
    scale *= 10;
  }
  // The remainder is rounded apart: raw + unit/2 might not fit.
  const std::int64_t half = *raw < 0 ? -(unit / 2) : unit / 2;
  const std::int64_t units = *raw / unit + (*raw % unit + half) / unit;
  const std::int64_t size = units < 0 ? -units : units;
  std::string plain = fmt::format("{}{}", units < 0 ? "-" : "", size / scale);
  if (decimals > 0) plain += fmt::format(".{:0{}}", size % scale, decimals);
  return typeset(plain);
}

std::string decimal(std::optional<std::int64_t> raw) {
  return raw ? typeset(run::decimal_text(*raw)) : std::string{kAbsent};
}

std::string count(std::int64_t value) {
  return typeset(std::to_string(value));
}

std::string number(std::optional<double> value, int decimals, std::string_view unit) {
  if (!value || !std::isfinite(*value)) return std::string{kAbsent};
  std::string plain = fmt::format("{:.{}f}", *value, decimals);
  if (plain.starts_with('-') && is_zero(plain)) plain.erase(0, 1);
  return typeset(plain) + std::string{unit};
}

std::string percent(std::optional<double> fraction, int decimals) {
  if (fraction) *fraction *= 100.0;
  return number(fraction, decimals, "\u202f%");
}

std::string signed_percent(std::optional<double> fraction, int decimals) {
  const std::string text = percent(fraction, decimals);
  return with_sign(text, fraction && *fraction > 0.0 && !is_zero(text));
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return std::string{kAbsent};
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  if (whole < 86'400) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return fmt::format("{} d {:02} h", whole / 86'400, whole / 3600 % 24);
}

std::string time_text(Timestamp ts) {
  std::string text = to_string(Timestamp{std::chrono::floor<std::chrono::seconds>(ts)});
  text[10] = ' ';
  text.pop_back();
  return text;
}

std::int64_t parse_decimal(std::string_view text, std::string_view where) {
  const auto refuse = [&]() -> Error {
    return Error(fmt::format("{}: '{}' is no decimal number", where, printable(text)));
  };
  std::string_view rest = text;
  const bool is_negative = rest.starts_with('-');
  if (is_negative) rest.remove_prefix(1);
  const std::size_t point = std::min(rest.find('.'), rest.size());
  std::string digits{rest.substr(0, point)};
  std::string fraction{point < rest.size() ? rest.substr(point + 1) : std::string_view{}};
  if (digits.empty() || fraction.size() > 8) throw refuse();
  fraction.resize(8, '0');
  digits += fraction;
  std::uint64_t raw = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), raw);
  if (fault != std::errc{} || end != digits.data() + digits.size() ||
      raw > static_cast<std::uint64_t>(INT64_MAX)) {
    throw refuse();
  }
  return is_negative ? -static_cast<std::int64_t>(raw) : static_cast<std::int64_t>(raw);
}

std::string missing_kind(std::string_view word) {
  if (word == "klines") return "trades";
  word.remove_prefix(std::min(word.size(), std::string_view{"no_"}.size()));
  return std::string{word};
}

}  // namespace toxvol::report
