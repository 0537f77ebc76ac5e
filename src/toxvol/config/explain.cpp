#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::config {

namespace {

std::string time_to_first_decision(const Config& config) {
  const FirstDecision time = first_decision(config);
  return fmt::format(
      "Time to the first possible decision, from the first row of complete data: {}\n"
      "  compression (f1 and its quantile) {}, pressure {}, toxicity {} (about {} VPIN buckets a "
      "minute apart),\n"
      "  crowding {} (metrics) or {} (funding, 8-hourly): one of the two is enough\n"
      "  the automatic warm-up is {}\n",
      in_days(time.all()), in_days(time.compression), in_days(time.pressure),
      in_days(time.toxicity), config.strategy.factors.toxicity.vpin_buckets, in_days(time.metrics),
      in_days(time.funding), in_days(warmup(config)));
}

/// As JSON spells it.
std::string json_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace

std::string explain_json(const Config& config) {
  const Config defaults;
  std::string text = fmt::format(
      "{{\"first_decision_s\":{},\"warmup_s\":{},\"keys\":[",
      std::chrono::duration_cast<std::chrono::seconds>(first_decision(config).all()).count(),
      std::chrono::duration_cast<std::chrono::seconds>(warmup(config)).count());
  for (const Key& key : keys()) {
    const auto origin = config.origin.find(key.name);
    text += fmt::format(
        "{}{{\"key\":{},\"value\":{},\"default\":{},\"takes\":{},\"unit\":{},\"meaning\":{},"
        "\"source\":{},\"set_in\":{}}}",
        text.ends_with('[') ? "" : ",", json_text(key.name), to_toml(key.get(config)),
        to_toml(key.get(defaults)), json_text(key.type), json_text(key.unit),
        json_text(key.meaning), json_text(key.source),
        origin == config.origin.end() ? "null" : json_text(origin->second));
  }
  return text + "]}";
}

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
  text +=
      "\n## Presets\n\nComplete files in `presets/`; the data needed first is to the first "
      "possible decision.\n\n";
  for (const std::string& line : preset_lines()) text += fmt::format("* {}\n", line);
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
