#include "toxvol/app/arguments.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::app {

namespace {

/// The digits at [begin, begin + size) as a number, or −1.
int digits(std::string_view text, std::size_t begin, std::size_t size) {
  if (text.size() < begin + size) return -1;
  int value = 0;
  const char* first = text.data() + begin;
  const auto [end, status] = std::from_chars(first, first + size, value);
  return status == std::errc{} && end == first + size && *first != '-' ? value : -1;
}

}  // namespace

Timestamp parse_time(std::string_view text, std::string_view option) {
  const auto refuse = [&] {
    throw UsageError{fmt::format(
        "{} {}: expected a UTC day such as 2024-01-31, or a time such as 2024-01-31T12:00:00Z",
        option, text)};
  };
  const bool has_time =
      text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
  if (!(text.size() == 10 || has_time) || text[4] != '-' || text[7] != '-') refuse();
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0) refuse();
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (!ymd.ok()) refuse();
  Timestamp ts{Day{ymd}};
  if (has_time) {
    const int hours = digits(text, 11, 2);
    const int minutes = digits(text, 14, 2);
    const int seconds = digits(text, 17, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
      refuse();
    }
    ts += std::chrono::hours{hours} + std::chrono::minutes{minutes} + std::chrono::seconds{seconds};
  }
  return ts;
}

}  // namespace toxvol::app
