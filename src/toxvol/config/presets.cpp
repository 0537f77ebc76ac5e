#include "toxvol/config/presets.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ratio>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/quantile.hpp"

namespace toxvol::config {

namespace {

struct Purpose {
  std::string_view name;
  std::string_view text;
};

constexpr std::array<Purpose, 4> kPurposes{{
    {kDefaultPreset, "the proposal's fastest set"},
    {"B", "the proposal's intraday set"},
    {"C", "the proposal's slowest set, for swings within days"},
    {kExercisePreset, "for recorded stretches of minutes: to exercise the program, not to learn"},
}};

/// Z4: prior decision rows that a quantile over `window` needs.
Duration quantile_time(const factors::FactorParams& f, Duration window) {
  return f.cadence *
         factors::quantile_min_count(f.thresholds.quantile_min_count, window, f.cadence);
}

}  // namespace

Duration FirstDecision::all() const {
  return std::max({compression, pressure, toxicity, std::min(metrics, funding)});
}

FirstDecision first_decision(const Config& config) {
  const auto& f = config.strategy.factors;
  const bool fixed = f.toxicity.vpin_bucket.kind == factors::VpinBucketRule::Kind::Base;
  return {
      .compression = f.volatility.half_life_long + f.volatility.z_min_count * kMinute +
                     quantile_time(f, f.volatility.z_window),
      .pressure = f.pressure.z_min_count * kMinute + quantile_time(f, f.pressure.z_window),
      .toxicity = (fixed ? Duration::zero() : kDay) + f.toxicity.vpin_buckets * kMinute +
                  f.toxicity.z_min_count * kMinute + quantile_time(f, f.toxicity.tau_window),
      .metrics = f.crowding.z_min_count * std::chrono::minutes{5},
      .funding = f.crowding.funding_min_count * std::chrono::hours{8},
  };
}

std::string in_days(Duration duration) {
  const double days = std::chrono::duration<double, std::ratio<86'400>>(duration).count();
  if (days >= 1) return fmt::format("{:.1f} days", days);
  return fmt::format("{:.0f} minutes", days * 1440);
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Purpose& purpose : kPurposes) names.emplace_back(purpose.name);
  return names;
}

std::string_view preset_purpose(std::string_view name) {
  const auto found = std::find_if(kPurposes.begin(), kPurposes.end(),
                                  [&](const Purpose& purpose) { return purpose.name == name; });
  if (found != kPurposes.end()) return found->text;
  const auto nearest = nearest_name(name, preset_names());
  throw UsageError{fmt::format("--preset {}: no such preset; {}there are {}", name,
                               nearest ? fmt::format("did you mean {}? ", *nearest) : "",
                               fmt::join(preset_lines(), "; "))};
}

std::string preset_line(std::string_view name) {
  const std::string_view purpose = preset_purpose(name);
  const Config config = preset(name);
  return fmt::format("{} ({}; decides every {}, holds at most {}, needs {} of data first)", name,
                     purpose, to_text(config.strategy.factors.cadence),
                     to_text(config.strategy.exit.max_hold), in_days(first_decision(config).all()));
}

std::vector<std::string> preset_lines() {
  std::vector<std::string> lines;
  for (const std::string& name : preset_names()) lines.push_back(preset_line(name));
  return lines;
}

bool is_exercise(std::string_view name) {
  return name == kExercisePreset;
}

}  // namespace toxvol::config
