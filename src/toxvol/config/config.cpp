#include "toxvol/config/config.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "toxvol/config/embedded.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::config {

namespace {

const Key* find(std::string_view name) {
  for (const Key& key : keys()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

/// The nearest key, told with how to list them; no key where none is near.
std::string unknown_key(std::string_view name) {
  const Key* nearest = nullptr;
  const auto point = name.find('.');
  const std::string_view asked = point == std::string_view::npos ? name : name.substr(point + 1);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  for (const Key& key : keys()) {
    // The right name in the wrong table is the commonest slip: the table counts little.
    const std::string_view last = std::string_view{key.name}.substr(key.name.find('.') + 1);
    const std::size_t whole = spelling_distance(name, key.name);
    const std::size_t part = spelling_distance(asked, last);
    const std::size_t d = std::min(whole <= spelling_limit(name) ? whole : best,
                                   part <= spelling_limit(asked) ? part + 1 : best);
    if (d < best) {
      best = d;
      nearest = &key;
    }
  }
  return fmt::format("unknown key {}; {}`toxvol config explain` lists all", name,
                     nearest == nullptr ? "" : fmt::format("did you mean {}? ", nearest->name));
}

std::optional<Value> to_value(const toml::node& node) {
  if (const auto* v = node.as_boolean()) return v->get();
  if (const auto* v = node.as_integer()) return v->get();
  if (const auto* v = node.as_floating_point()) return v->get();
  if (const auto* v = node.as_string()) return v->get();
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<double> numbers;
  std::vector<std::string> texts;
  for (const auto& element : *array) {
    if (const auto* integer = element.as_integer()) {
      numbers.push_back(static_cast<double>(integer->get()));
    } else if (const auto* real = element.as_floating_point()) {
      numbers.push_back(real->get());
    } else if (const auto* text = element.as_string()) {
      texts.push_back(text->get());
    } else {
      return std::nullopt;
    }
  }
  if (!texts.empty() && !numbers.empty()) return std::nullopt;
  if (!texts.empty()) return texts;
  return numbers;
}

std::string shown(const toml::node& node) {
  if (const auto value = to_value(node)) return to_toml(*value);
  return "a table or a date";
}

/// Sets one key from a node, or says what was expected.
std::optional<std::string> assign(Config& config, const Key& key, const toml::node& node) {
  const auto value = to_value(node);
  std::optional<std::string> problem = value ? key.set(config, *value) : key.type;
  if (problem) {
    return fmt::format("{} = {}: expected {}", key.name, shown(node), *problem);
  }
  // The quantile levels are the alphas' and shown by the factor model (A1, A6).
  config.strategy.factors.quantiles = {.compression = config.strategy.alpha_a.compression,
                                       .pressure = config.strategy.alpha_a.pressure,
                                       .pressure_b = config.strategy.alpha_b.pressure};
  return std::nullopt;
}

std::string place(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

template <class Line>
void for_each_table(Line line) {
  std::string table;
  for (const Key& key : keys()) {
    const std::string own = key.name.substr(0, key.name.find('.'));
    const bool first = own != table;
    table = own;
    line(key, table, key.name.substr(table.size() + 1), first);
  }
}

[[noreturn]] void fail(const Config& config, std::string_view key, const std::string& text) {
  const auto origin = config.origin.find(key);
  const std::string where = origin == config.origin.end() ? "default" : origin->second;
  throw Error{fmt::format("{}: {} = {}: {}", where, key, to_toml(find(key)->get(config)), text)};
}

/// Keys that the exchange of one profile alone looks at.
struct IdleKey {
  std::string_view key;
  engine::Profile profile;  // under which it has no effect
};
constexpr IdleKey kIdleKeys[] = {
    {"exchange.trade_execution", engine::Profile::Realistic},
    {"data.agg_delay", engine::Profile::Nautilus1221},
    {"exchange.data_latency", engine::Profile::Nautilus1221},
    {"exchange.queue", engine::Profile::Nautilus1221},
    {"exchange.impact_ticks_per_level", engine::Profile::Nautilus1221},
    {"exchange.max_touch_age", engine::Profile::Nautilus1221},
    {"exchange.bar_entry", engine::Profile::Nautilus1221},
};

/// What was asked for and would change nothing: whoever asked believes that it does.
void refuse_idle_keys(const Config& config) {
  const Config defaults;
  for (const auto& [name, profile] : kIdleKeys) {
    if (config.exchange.profile != profile) continue;
    const Key& key = *find(name);
    const auto origin = config.origin.find(name);
    const bool is_typed = origin != config.origin.end() && origin->second == "--set";
    if (!is_typed && to_toml(key.get(config)) == to_toml(key.get(defaults))) continue;
    fail(config, name,
         fmt::format("has no effect with exchange.profile = {}; leave it out, or choose the other "
                     "profile",
                     to_toml(find("exchange.profile")->get(config))));
  }
}

}  // namespace

Duration warmup(const Config& config) {
  return config.warmup.value_or(std::chrono::days{31});
}

strategy::StrategyParams strategy_params(const Config& config) {
  strategy::StrategyParams params = config.strategy;
  params.tier = config.costs.tier;
  params.bnb_discount = config.costs.bnb_discount;
  params.funding = config.costs.funding;
  return params;
}

engine::EngineParams engine_params(const Config& config, const Inputs& inputs, Timestamp from,
                                   Timestamp to) {
  return {.exchange = config.exchange,
          .costs = config.costs,
          .deposit = config.strategy.equity_usdt,
          .seed = static_cast<std::uint64_t>(config.seed),
          .inputs = inputs,
          .from = from,
          .to = to,
          .bar_delay = config.strategy.factors.data.bar_delay,
          .agg_delay = config.strategy.factors.data.agg_delay};
}

Config parse(std::string_view text, const std::string& file) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error{fmt::format("{}:{}:{}: not valid TOML: {}", file, error.source().begin.line,
                            error.source().begin.column, error.description())};
  }
  Config config;
  for (const auto& [table, node] : root) {
    const auto* inner = node.as_table();
    if (inner == nullptr) {
      throw Error{fmt::format("{}: {}", place(file, node), unknown_key(table.str()))};
    }
    for (const auto& [name, value] : *inner) {
      const std::string full = fmt::format("{}.{}", table.str(), name.str());
      const Key* key = find(full);
      if (key == nullptr) throw Error{fmt::format("{}: {}", place(file, value), unknown_key(full))};
      if (const auto problem = assign(config, *key, value)) {
        throw Error{fmt::format("{}: {}", place(file, value), *problem)};
      }
      config.origin[full] = place(file, value);
    }
  }
  return config;
}

Config load(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) {
    throw Error{fmt::format("{}: cannot read the configuration: {}; --preset {} needs no file",
                            path, std::strerror(errno), fmt::join(preset_names(), "|"))};
  }
  const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  return parse(text, path);
}

std::vector<std::string> preset_names() {
  return {"A", "B", "C", "short"};
}

Config preset(std::string_view name) {
  const auto text = embedded_preset(name);
  if (!text) static_cast<void>(preset_purpose(name));  // tells which there are
  return parse(*text, fmt::format("presets/{}.toml", name));
}

void set(Config& config, std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    throw UsageError{fmt::format("--set {}: expected key=value", assignment)};
  }
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view text = assignment.substr(equals + 1);
  const Key* key = find(name);
  if (key == nullptr) throw UsageError{fmt::format("--set {}: {}", assignment, unknown_key(name))};
  // A value that is no TOML (30m, base:10, gk) is meant as a string.
  toml::table table;
  try {
    table = toml::parse(fmt::format("value = {}", text));
  } catch (const toml::parse_error&) {
    table.clear();
    table.insert("value", std::string{text});
  }
  const toml::node* node = table.get("value");
  if (table.size() != 1 || node == nullptr) {
    throw UsageError{fmt::format("--set {}: expected one value", assignment)};
  }
  if (const auto problem = assign(config, *key, *node)) {
    throw UsageError{fmt::format("--set {}: {}", assignment, *problem)};
  }
  config.origin[std::string{name}] = "--set";
}

void validate(const Config& config) {
  const auto& f = config.strategy.factors;
  // A parameter that another one makes impossible is named with the place where it was set.
  if (f.volatility.z_window <= f.volatility.half_life_long) {
    fail(config, "volatility.z_window",
         "must exceed volatility.half_life_long, or compression is compared with itself (V7)");
  }
  if (f.volatility.half_life_long <= f.volatility.half_life_short) {
    fail(config, "volatility.half_life_long", "must exceed volatility.half_life_short");
  }
  if (f.volatility.diurnal && f.volatility.estimator == factors::VolatilityEstimator::Yz) {
    fail(config, "volatility.diurnal", "cannot be combined with volatility.estimator = yz (V11)");
  }
  if (f.volatility.har_fit_days < f.volatility.har_min_days) {
    fail(config, "volatility.har_fit_days", "must be at least volatility.har_min_days");
  }
  if (f.crowding.theta_exit > f.crowding.theta) {
    fail(config, "crowding.theta_exit", "must not exceed crowding.theta");
  }
  if (f.crowding.funding_min_count > f.crowding.funding_z_events) {
    fail(config, "crowding.funding_min_count", "must not exceed crowding.funding_z_events");
  }
  // Z4: a minimum that a full window cannot reach would never be met.
  const auto reachable = [&](std::string_view key, std::int64_t count, Duration window,
                             Duration step) {
    if (count > window / step) {
      fail(config, key,
           fmt::format("a full window of {} holds only {} observations (Z4)", to_text(window),
                       window / step));
    }
  };
  reachable("volatility.z_min_count", f.volatility.z_min_count, f.volatility.z_window, kMinute);
  reachable("pressure.z_min_count", f.pressure.z_min_count, f.pressure.z_window, kMinute);
  reachable("toxicity.z_min_count", f.toxicity.z_min_count, f.toxicity.z_window, kMinute);
  const Duration stamps = std::chrono::minutes{5};
  reachable("crowding.z_min_count", f.crowding.z_min_count, f.crowding.oi_z_window, stamps);
  reachable("crowding.z_min_count", f.crowding.z_min_count, f.crowding.ls_z_window, stamps);
  const std::int64_t quantile_least =
      f.thresholds.quantile_min_count == 0 ? 30 : f.thresholds.quantile_min_count;
  for (const Duration window :
       {f.volatility.z_window, f.pressure.z_window, f.toxicity.tau_window}) {
    reachable("thresholds.quantile_min_count", quantile_least, window, f.cadence);
  }
  if (f.thresholds.fit != factors::ThresholdFit::Trailing) {
    fail(config, "thresholds.fit", "only trailing can be run; the study fits the others");
  }
  refuse_idle_keys(config);
  if (config.strategy.entry.order == strategy::EntryOrder::PostOnly &&
      config.strategy.entry.fill == strategy::EntryFill::SameClose) {
    fail(config, "entry.fill", "fills MARKET orders alone; use next, or entry.order = market");
  }
  if (config.inputs && config.inputs->quotes && !config.inputs->trades) {
    fail(config, "run.inputs", "bookTicker needs aggTrades beside it");
  }
}

std::string to_toml(const Config& config) {
  std::string text;
  for_each_table(
      [&](const Key& key, const std::string& table, const std::string& name, bool first) {
        if (first) text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", table);
        text += fmt::format("{} = {}\n", name, to_toml(key.get(config)));
      });
  return text;
}

std::string to_json(const Config& config, const std::optional<Inputs>& inputs) {
  if (inputs) {
    Config settled = config;
    settled.inputs = inputs;
    return to_json(settled);
  }
  // TOML spells every value that a key can have as JSON does.
  std::string text;
  for_each_table(
      [&](const Key& key, const std::string& table, const std::string& name, bool first) {
        if (first) text += fmt::format("{}\"{}\":{{", text.empty() ? "{" : "},", table);
        text += fmt::format("{}\"{}\":{}", first ? "" : ",", name, to_toml(key.get(config)));
      });
  return text + "}}";
}

}  // namespace toxvol::config
