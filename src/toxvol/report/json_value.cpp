#include "toxvol/report/json_value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/units.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

constexpr std::int64_t kHourSeconds = 3600;

}  // namespace

std::optional<double> real(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? std::optional{found->get<double>()}
                                                     : std::nullopt;
}

std::int64_t integer(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string text(const Json& object, std::string_view key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string note_words(const std::string& note) {
  if (note == "too_short") return "fewer than 30 points";
  if (note == "no_spread") return "all numbers are equal";
  if (note == "no_overlap") return "no hour in common";
  if (note == "ruined") return "one of them lost everything";
  if (note == "no_trades") return "no position was closed";
  if (note == "impossible") return "nothing is right often enough";
  constexpr std::string_view kNotApplicable = "not_applicable";
  if (note == kNotApplicable) return "does not apply";
  if (note.starts_with(kNotApplicable)) return note.substr(kNotApplicable.size() + 2);
  return note;
}

std::string horizon_text(std::int64_t seconds) {
  if (seconds % kHourSeconds == 0) return fmt::format("{} h", seconds / kHourSeconds);
  if (seconds % kMinuteSeconds == 0) return fmt::format("{} min", seconds / kMinuteSeconds);
  return fmt::format("{} s", seconds);
}

std::string sentence(std::string words) {
  if (words.empty()) return words;
  if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  if (!words.ends_with('.')) words += '.';
  return words;
}

}  // namespace toxvol::report
