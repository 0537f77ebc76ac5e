#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::config {

namespace {

std::string in_days(Duration d) {
  const double days = std::chrono::duration<double, std::ratio<86'400>>(d).count();
  if (days >= 1) return fmt::format("{:.1f} days", days);
  return fmt::format("{:.0f} minutes", days * 1440);
}

/// Z4: prior decision rows that a quantile over `window` needs.
Duration quantile_time(const factors::FactorParams& f, Duration window) {
  std::int64_t count = f.thresholds.quantile_min_count;
  if (count == 0) count = std::max<std::int64_t>(30, (window / f.cadence + 6) / 7);
  return count * f.cadence;
}

/// How long each input takes from its first row to its first threshold: least counts only, as if
/// no minute were missing.
std::string time_to_first_decision(const Config& config) {
  const auto& f = config.strategy.factors;
  const Duration compression = f.volatility.half_life_long + f.volatility.z_min_count * kMinute +
                               quantile_time(f, f.volatility.z_window);
  const Duration pressure =
      f.pressure.z_min_count * kMinute + quantile_time(f, f.pressure.z_window);
  using Rule = factors::VpinBucketRule::Kind;
  const bool fixed = f.toxicity.vpin_bucket.kind == Rule::Base;
  const Duration v_star = fixed ? Duration::zero() : kDay;
  const Duration toxicity = v_star + f.toxicity.vpin_buckets * kMinute +
                            f.toxicity.z_min_count * kMinute +
                            quantile_time(f, f.toxicity.tau_window);
  const Duration funding = f.crowding.funding_min_count * std::chrono::hours{8};
  const Duration metrics = f.crowding.z_min_count * std::chrono::minutes{5};
  const Duration crowding = std::min(funding, metrics);
  const Duration all = std::max({compression, pressure, toxicity, crowding});
  return fmt::format(
      "Time to the first possible decision, from the first row of complete data: {}\n"
      "  compression (f1 and its quantile) {}, pressure {}, toxicity {} (about {} VPIN buckets a "
      "minute apart),\n"
      "  crowding {} (metrics) or {} (funding, 8-hourly): one of the two is enough\n"
      "  the automatic warm-up is {}\n",
      in_days(all), in_days(compression), in_days(pressure), in_days(toxicity),
      f.toxicity.vpin_buckets, in_days(metrics), in_days(funding), in_days(warmup(config)));
}

}  // namespace

std::string explain(const Config& config) {
  const Config defaults;
  std::string text = time_to_first_decision(config);
  std::string table;
  for (const Key& key : keys()) {
    const std::string own = key.name.substr(0, key.name.find('.'));
    if (own != table) text += fmt::format("\n[{}]\n", own);
    table = own;
    const std::string value = to_toml(key.get(config));
    const std::string standard = to_toml(key.get(defaults));
    const auto origin = config.origin.find(key.name);
    text += fmt::format("{} = {}{}\n    {}\n    takes {}{}; default {}; {}{}\n", key.name, value,
                        value == standard ? "" : "  *", key.meaning, key.type,
                        key.unit.empty() ? "" : ", in " + key.unit, standard, key.source,
                        origin == config.origin.end() ? "" : "; set in " + origin->second);
  }
  return text;
}

std::string reference_page() {
  const Config defaults;
  std::string text =
      "# Configuration\n\n"
      "Generated from the keys (`toxvol config explain --markdown`); a test holds it to them. "
      "Defaults "
      "are preset A's. Sources: E and M are the rows of\nthe errors and ambiguities of the "
      "proposal "
      "(docs/errata.md); G, Z, V, P, T, C, A the rules of docs/signal.md; X those of "
      "docs/engine.md.\n"
      "Durations are a whole number and a unit: ns us ms s m h d.\n";
  std::string table;
  for (const Key& key : keys()) {
    const std::string own = key.name.substr(0, key.name.find('.'));
    if (own != table) {
      text += fmt::format(
          "\n## [{}]\n\n| key | default | takes | meaning | source |\n|---|---|---|---|---|\n",
          own);
    }
    table = own;
    std::string type = key.type;
    for (std::size_t i = 0; (i = type.find('|', i)) != std::string::npos; i += 2) {
      type.insert(i, "\\");
    }
    text += fmt::format("| `{}` | `{}` | {}{} | {} | {} |\n", key.name.substr(own.size() + 1),
                        to_toml(key.get(defaults)), type, key.unit.empty() ? "" : ", " + key.unit,
                        key.meaning, key.source);
  }
  text += "\n## Rows of the reference that are no key\n\n| row | why |\n|---|---|\n";
  for (const FixedRow& row : fixed_rows()) text += fmt::format("| {} | {} |\n", row.row, row.why);
  return text;
}

}  // namespace toxvol::config
