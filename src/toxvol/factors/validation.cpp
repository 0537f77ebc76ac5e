#include "toxvol/factors/validation.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors {

std::string duration_text(Duration duration) {
  using std::chrono::seconds;
  if (duration % kDay == Duration::zero()) return fmt::format("{}d", duration / kDay);
  if (duration % std::chrono::hours{1} == Duration::zero()) {
    return fmt::format("{}h", duration / std::chrono::hours{1});
  }
  if (duration % kMinute == Duration::zero()) return fmt::format("{}m", duration / kMinute);
  if (duration % seconds{1} == Duration::zero()) return fmt::format("{}s", duration / seconds{1});
  if (duration % kMillisecond == Duration::zero()) {
    return fmt::format("{}ms", duration / kMillisecond);
  }
  return fmt::format("{}ns", duration.count());
}

void refuse(std::string_view key, std::string_view value, std::string_view why) {
  throw Error{fmt::format("{} = {}: {}", key, value, why)};
}

std::int64_t whole_minutes(std::string_view key, Duration duration) {
  if (duration < kMinute || duration % kMinute != Duration::zero()) {
    refuse(key, duration_text(duration), "use a whole number of minutes, at least 1m");
  }
  return duration / kMinute;
}

}  // namespace toxvol::factors
