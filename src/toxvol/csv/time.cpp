#include "toxvol/csv/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"

namespace toxvol::csv {

namespace {

/// Two or four digits at `at`, -1 for anything else.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<TimeUnit> unit_of(std::int64_t time) noexcept {
  for (const auto unit : {TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Seconds}) {
    if (to_timestamp(time, unit)) return unit;
  }
  return std::nullopt;
}

std::optional<Timestamp> parse_utc_text(std::string_view text) noexcept {
  constexpr std::string_view kShape = "dddd-dd-dd dd:dd:dd";
  if (text.size() != kShape.size()) return std::nullopt;
  for (const std::size_t at : {4U, 7U, 10U, 13U, 16U}) {
    if (text[at] != kShape[at]) return std::nullopt;
  }
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto date =
      day_of_date({std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                   std::chrono::day{static_cast<unsigned>(day)}});
  if (!date) return std::nullopt;
  const auto seconds = date->time_since_epoch() + std::chrono::hours{hour} +
                       std::chrono::minutes{minute} + std::chrono::seconds{second};
  return to_timestamp(std::chrono::seconds{seconds}.count(), TimeUnit::Seconds);
}

}  // namespace toxvol::csv
