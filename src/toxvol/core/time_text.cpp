#include "toxvol/core/time_text.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

namespace {

/// Reads a time from the left; every part is nothing where it is not what stands there.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_{text} {}

  std::optional<Timestamp> whole() {
    const auto day = date();
    if (!day) return std::nullopt;
    Timestamp ts{*day};
    if (take('T') || take('t') || (rest_.size() > 1 && is_digit(rest_[1]) && take(' '))) {
      const auto time = time_of_day();
      if (!time) return std::nullopt;
      ts += *time;
    }
    const auto east = zone();
    if (!east || !rest_.empty()) return std::nullopt;
    return ts - *east;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits, no more than `most`.
  std::optional<int> number(std::size_t count, int most) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value <= most ? std::optional{value} : std::nullopt;
  }

  std::optional<Day> date() {
    const auto year = number(4, 9999);
    const bool dashes = take('-');
    const auto month = number(2, 12);
    if (dashes && !take('-')) return std::nullopt;
    const auto day = number(2, 31);
    if (!year || !month || !day) return std::nullopt;
    return day_of_date({std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                        std::chrono::day{static_cast<unsigned>(*day)}});
  }

  /// hh, hh:mm, hhmm, hh:mm:ss, hhmmss and a fraction of the second; 24:00 ends the day.
  std::optional<Duration> time_of_day() {
    const auto hours = number(2, 24);
    if (!hours) return std::nullopt;
    Duration time = std::chrono::hours{*hours};
    const bool colons = rest_.starts_with(':');
    if (colons || (!rest_.empty() && is_digit(rest_[0]))) {
      if (colons) take(':');
      const auto minutes = number(2, 59);
      if (!minutes) return std::nullopt;
      time += std::chrono::minutes{*minutes};
      if (colons ? take(':') : (!rest_.empty() && is_digit(rest_[0]))) {
        const auto seconds = number(2, 59);
        if (!seconds) return std::nullopt;
        time += std::chrono::seconds{*seconds};
        if (take('.') || take(',')) {
          const auto part = fraction();
          if (!part) return std::nullopt;
          time += *part;
        }
      }
    }
    return time <= kDay ? std::optional{time} : std::nullopt;
  }

  std::optional<Duration> fraction() {
    std::int64_t ns = 0;
    std::int64_t unit = 100'000'000;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count, unit /= 10) {
      ns += (rest_[count] - '0') * unit;
    }
    if (count == 0 || count > 9) return std::nullopt;
    rest_.remove_prefix(count);
    return Duration{ns};
  }

  /// How far east of UTC: nothing said, Z, ±hh, ±hhmm, ±hh:mm.
  std::optional<Duration> zone() {
    take(' ');
    if (rest_.empty() || take('Z') || take('z')) return Duration{};
    const bool west = rest_.starts_with('-');
    if (!take('+') && !take('-')) return std::nullopt;
    const auto hours = number(2, 23);
    if (!hours) return std::nullopt;
    Duration east = std::chrono::hours{*hours};
    if (take(':') || !rest_.empty()) {
      const auto minutes = number(2, 59);
      if (!minutes) return std::nullopt;
      east += std::chrono::minutes{*minutes};
    }
    return west ? -east : east;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Timestamp> time_from_text(std::string_view text) {
  return TimeText{text}.whole();
}

}  // namespace toxvol
