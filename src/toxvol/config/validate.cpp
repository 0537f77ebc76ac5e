#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/engine/params_check.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/params_check.hpp"

namespace toxvol::config {

namespace {

/// Keys that the exchange of one profile alone looks at.
struct IdleKey {
  std::string_view key;
  bool parity;  // whether it is a parity profile under which it has no effect
};
constexpr IdleKey kIdleKeys[] = {
    {"exchange.trade_execution", false},
    {"data.agg_delay", true},
    {"exchange.data_latency", true},
    {"exchange.queue", true},
    {"exchange.impact_ticks_per_level", true},
    {"exchange.max_touch_age", true},
    {"exchange.bar_entry", true},
};

/// What was asked for and would change nothing: whoever asked believes that it does.
void add_idle_keys(const Config& config, std::vector<Problem>& found) {
  static const Config defaults;
  for (const auto& [name, parity] : kIdleKeys) {
    if (engine::is_parity(config.exchange.profile) != parity) continue;
    const Key& key = key_of(name);
    if (!is_typed(config, name) && to_toml(key.get(config)) == to_toml(key.get(defaults))) continue;
    found.push_back(
        {key.name,
         fmt::format("has no effect with exchange.profile = {}; leave it out, or choose another "
                     "profile",
                     to_toml(key_of("exchange.profile").get(config)))});
  }
}

}  // namespace

std::vector<Problem> check(const Config& config) {
  std::vector<Problem> found = strategy::check(config.strategy);
  for (Problem& problem : engine::check(config.exchange)) found.push_back(std::move(problem));
  add_idle_keys(config, found);
  if (engine::is_parity(config.exchange.profile) &&
      config.strategy.entry.fill == strategy::EntryFill::SameClose) {
    found.push_back({"entry.fill",
                     fmt::format("NautilusTrader has no such fill; use next with exchange.profile "
                                 "= {}",
                                 engine::name(config.exchange.profile))});
  }
  if (engine::is_parity(config.exchange.profile) &&
      config.strategy.factors.thresholds.fit == factors::ThresholdFit::Sample) {
    found.push_back({"thresholds.fit",
                     "sample takes a pass before the run, which NautilusTrader does not make; use "
                     "it with exchange.profile = realistic"});
  }
  if (config.inputs && config.inputs->quotes && !config.inputs->trades) {
    found.push_back({"run.inputs", "bookTicker needs aggTrades beside it"});
  }
  return found;
}

void validate(const Config& config) {
  const std::vector<Problem> found = check(config);
  if (found.empty()) return;
  const auto& [key, why] = found.front();
  const std::string text = fmt::format("{}: {} = {}: {}", place_of(config, key), key,
                                       to_toml(key_of(key).get(config)), why);
  if (is_typed(config, key)) throw UsageError{text};
  throw Error{text, ErrorCode::Config};
}

}  // namespace toxvol::config
