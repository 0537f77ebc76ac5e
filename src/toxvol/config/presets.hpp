#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"

/// The presets in words: the one text of `--help`, of errors, of the README and of the report.
namespace toxvol::config {

/// From the first row of complete data to the first possible decision: least counts only, as if no
/// minute were missing.
struct FirstDecision {
  Duration compression{};
  Duration pressure{};
  Duration toxicity{};
  Duration metrics{};  // crowding needs one of these two
  Duration funding{};

  [[nodiscard]] Duration all() const;
};
[[nodiscard]] FirstDecision first_decision(const Config& config);

/// `3.5 days`, `12 minutes`.
[[nodiscard]] std::string in_days(Duration duration);

/// What it is for: `the proposal's fastest set`. Throws `UsageError` for a name that is no preset.
[[nodiscard]] std::string_view preset_purpose(std::string_view name);

/// `A (the proposal's fastest set; decides every 1m, holds at most 30m, needs 3.3 days of data
/// first)`.
[[nodiscard]] std::string preset_line(std::string_view name);
/// Of all presets.
[[nodiscard]] std::vector<std::string> preset_lines();

/// The preset whose numbers are too quick to mean anything: for exercising the program.
inline constexpr std::string_view kExercisePreset = "short";
[[nodiscard]] bool is_exercise(std::string_view name);

}  // namespace toxvol::config
