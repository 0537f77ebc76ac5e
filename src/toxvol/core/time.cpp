#include "toxvol/core/time.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace toxvol {

std::string to_string(Day day) {
  const std::chrono::year_month_day ymd{day};
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return text;
}

std::string to_string(Timestamp ts) {
  const Day day = day_of(ts);
  const std::int64_t ns = (ts - Timestamp{day}).count();
  const std::int64_t seconds = ns / 1'000'000'000;
  const std::int64_t fraction = ns % 1'000'000'000;
  char text[48];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string result = to_string(day) + text;
  if (fraction != 0) {
    std::snprintf(text, sizeof text, ".%09d", static_cast<int>(fraction));
    result += text;
    const std::size_t digits = fraction % 1'000'000 == 0 ? 3 : fraction % 1'000 == 0 ? 6 : 9;
    result.resize(result.size() - (9 - digits));
  }
  return result + "Z";
}

}  // namespace toxvol
