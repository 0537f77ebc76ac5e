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

/// One key in lines for people.
std::string entry(const Config& config, const Key& key) {
  static const Config defaults;
  const std::string value = to_toml(key.get(config));
  const std::string standard = to_toml(key.get(defaults));
  const auto origin = config.origin.find(key.name);
  return fmt::format("{} = {}{}\n    {}\n    takes {}{}; default {}; {}{}\n", key.name, value,
                     value == standard ? "" : "  *", key.meaning, key.type,
                     key.unit.empty() ? "" : ", in " + key.unit, standard, key.source,
                     origin == config.origin.end() ? "" : "; set in " + origin->second.place);
}

/// As JSON spells it, which is as TOML does.
std::string json_text(const std::string& text) {
  return to_toml(Value{text});
}

std::string entry_json(const Config& config, const Key& key) {
  static const Config defaults;
  const auto origin = config.origin.find(key.name);
  return fmt::format(
      "{{\"key\":{},\"value\":{},\"default\":{},\"takes\":{},\"unit\":{},\"meaning\":{},"
      "\"source\":{},\"set_in\":{}}}",
      json_text(key.name), to_toml(key.get(config)), to_toml(key.get(defaults)),
      json_text(key.type), json_text(key.unit), json_text(key.meaning), json_text(key.source),
      origin == config.origin.end() ? "null" : json_text(origin->second.place));
}

}  // namespace

std::string explain(const Config& config, std::string_view name) {
  if (!name.empty()) return entry(config, key_of(name));
  std::string text = time_to_first_decision(config);
  std::string_view table;
  for (const Key& key : keys()) {
    if (table_of(key) != table) text += fmt::format("\n[{}]\n", table_of(key));
    table = table_of(key);
    text += entry(config, key);
  }
  return text;
}

std::string explain_json(const Config& config, std::string_view name) {
  if (!name.empty()) return entry_json(config, key_of(name));
  std::string text = fmt::format(
      "{{\"first_decision_s\":{},\"warmup_s\":{},\"keys\":[",
      std::chrono::duration_cast<std::chrono::seconds>(first_decision(config).all()).count(),
      std::chrono::duration_cast<std::chrono::seconds>(warmup(config)).count());
  for (const Key& key : keys()) {
    if (!text.ends_with('[')) text += ',';
    text += entry_json(config, key);
  }
  return text + "]}";
}

}  // namespace toxvol::config
