#include "toxvol/core/duration.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

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

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (status != std::errc{} || count < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& candidate : kUnits) {
    if (candidate.text != unit) continue;
    const auto ns = narrow(Int128{count} * candidate.length.count());
    if (!ns || *ns > kLongest.count()) return std::nullopt;
    return Duration{*ns};
  }
  return std::nullopt;
}

std::string to_text(Duration duration) {
  if (duration == Duration::zero()) return "0s";
  const Unit* unit = kUnits.data();
  while (duration % unit->length != Duration::zero()) ++unit;  // every duration is whole ns
  return std::to_string(duration / unit->length) + std::string{unit->text};
}

}  // namespace toxvol
