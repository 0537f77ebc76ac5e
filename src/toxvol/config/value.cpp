#include "toxvol/config/value.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::config {

namespace {

struct Unit {
  std::string_view text;
  Duration length;
};

constexpr std::array<Unit, 7> kUnits = {{{"d", std::chrono::days{1}},
                                         {"h", std::chrono::hours{1}},
                                         {"m", std::chrono::minutes{1}},
                                         {"s", std::chrono::seconds{1}},
                                         {"ms", std::chrono::milliseconds{1}},
                                         {"us", std::chrono::microseconds{1}},
                                         {"ns", Duration{1}}}};

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

template <class T, class Format>
std::string list(const std::vector<T>& values, Format format) {
  std::string result = "[";
  for (const T& value : values) {
    if (result.size() > 1) result += ", ";
    result += format(value);
  }
  return result + ']';
}

}  // namespace

std::string shortest(double value) {
  if (value == std::trunc(value) && std::abs(value) < 1e15) return fmt::format("{:.1f}", value);
  return fmt::format("{}", value);
}

std::string to_toml(const Value& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>) {
          return v ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return fmt::format("{}", v);
        } else if constexpr (std::is_same_v<T, double>) {
          return shortest(v);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return quoted(v);
        } else if constexpr (std::is_same_v<T, std::vector<double>>) {
          return list(v, [](double x) { return fmt::format("{}", x); });
        } else {
          return list(v, [](const std::string& x) { return quoted(x); });
        }
      },
      value);
}

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc{} || count < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& candidate : kUnits) {
    if (candidate.text != unit) continue;
    const auto ns = narrow(Int128{count} * candidate.length.count());
    if (!ns) return std::nullopt;
    return Duration{*ns};
  }
  return std::nullopt;
}

std::string to_text(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  for (const Unit& unit : kUnits) {
    if (duration % unit.length == Duration::zero()) {
      return fmt::format("{}{}", duration / unit.length, unit.text);
    }
  }
  return fmt::format("{}ns", duration.count());
}

std::optional<std::int64_t> parse_e8(std::string_view text) {
  // Exponents are rare (1e6, 1e7): the mantissa's digits are shifted by it, exactly.
  std::int64_t exponent = 0;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, status] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (status != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (exponent < -18 || exponent > 18) return std::nullopt;
    text = text.substr(0, e);
  }
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  Int128 mantissa = 0;
  std::int64_t scale = exponent + Price::kDecimals;
  bool point = false;
  bool any = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || mantissa > std::numeric_limits<std::int64_t>::max()) {
      return std::nullopt;
    }
    any = true;
    mantissa = mantissa * 10 + (c - '0');
    if (point) --scale;
  }
  if (!any) return std::nullopt;
  for (; scale > 0; --scale) {
    mantissa *= 10;
    if (mantissa > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  }
  for (; scale < 0; ++scale) {
    if (mantissa % 10 != 0) return std::nullopt;
    mantissa /= 10;
  }
  return narrow(negative ? -mantissa : mantissa);
}

std::string decimal_text(std::int64_t e8) {
  const int digits = decimals(e8);
  std::string text = fmt::format("{}{}", e8 < 0 ? "-" : "", std::abs(e8 / Price::kOne));
  if (digits > 0) {
    const std::string fraction = fmt::format("{:08}", std::abs(e8 % Price::kOne));
    text += '.' + fraction.substr(0, static_cast<std::size_t>(digits));
  }
  return text;
}

}  // namespace toxvol::config
