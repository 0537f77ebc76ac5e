#include "toxvol/report/format.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::report {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNarrowSpace = "\u202f";
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

/// Units of 1e-8, half away from zero.
std::string rounded(std::int64_t raw, int decimals) {
  const std::int64_t unit = kOne / power_of_ten(decimals);  // of the last digit shown
  // The remainder is rounded apart: raw + unit/2 might not fit.
  const std::int64_t half = raw < 0 ? -(unit / 2) : unit / 2;
  const std::int64_t units = raw / unit + (raw % unit + half) / unit;
  return typeset(scaled_text(units, decimals));
}

std::string with_sign(std::string text, bool is_positive) {
  return is_positive ? '+' + std::move(text) : text;
}

}  // namespace

std::string money(Money money) {
  return rounded(money.raw(), 2);
}

std::string signed_money(Money money) {
  return with_sign(rounded(money.raw(), 2), money.raw() >= kCent / 2);
}

std::string money(const std::optional<Money>& money) {
  return money ? rounded(money->raw(), 2) : std::string{kAbsent};
}

std::string price(const std::optional<Price>& price, int decimals) {
  return price ? rounded(price->raw(), decimals) : std::string{kAbsent};
}

std::string decimal(std::int64_t raw) {
  return typeset(decimal_text(raw));
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

std::string_view absent_means(std::string_view word) {
  if (word == "klines") {
    return "Pressure and toxicity come from the volume of the klines, and orders fill on bars.";
  }
  if (word == "no_quotes") {
    return "Pressure is signed volume alone, toxicity is VPIN alone, and the best prices are taken "
           "from trades.";
  }
  if (word == "no_metrics") return "Crowding comes from the funding rate alone.";
  if (word == "no_funding") return "No funding is paid or received, and the regime is neutral.";
  return "";
}

std::string_view overdue_means(std::string_view word) {
  if (word == "klines") {
    return "Signed volume of such a minute comes from its kline.";
  }
  if (word == "no_quotes") {
    return "Pressure and toxicity have no value then, so no position is opened.";
  }
  if (word == "no_metrics" || word == "no_funding") {
    return "The regime is unknown then: no position is opened, an open one is managed as before.";
  }
  return "";
}

std::string missing_kind(std::string_view word) {
  if (word == "klines") return "trades";
  word.remove_prefix(std::min(word.size(), std::string_view{"no_"}.size()));
  return std::string{word};
}

}  // namespace toxvol::report
