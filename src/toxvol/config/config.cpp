#include "toxvol/config/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::config {

namespace {

/// Calls `line(key, table, name, first)` for each key; `first` of its table.
template <class Line>
void for_each_line(Line line) {
  std::string_view before;
  for (const Key& key : keys()) {
    const std::string_view table = table_of(key);
    line(key, table, name_in_table(key), table != before);
    before = table;
  }
}

}  // namespace

std::string_view place_of(const Config& config, std::string_view key) {
  const auto origin = config.origin.find(key);
  return origin == config.origin.end() ? "default" : std::string_view{origin->second.place};
}

bool is_typed(const Config& config, std::string_view key) {
  const auto origin = config.origin.find(key);
  return origin != config.origin.end() && origin->second.by == SetBy::Flag;
}

Duration warmup(const Config& config) {
  return config.warmup.value_or(std::chrono::days{31});
}

engine::EngineParams engine_params(const Config& config, const Inputs& inputs, Timestamp from,
                                   Timestamp to) {
  return {.exchange = config.exchange,
          .costs = config.strategy.costs,
          .deposit = config.strategy.equity_usdt,
          .seed = static_cast<std::uint64_t>(config.seed),
          .inputs = inputs,
          .from = from,
          .to = to,
          .bar_delay = config.strategy.factors.data.bar_delay,
          .agg_delay = config.agg_delay};
}

std::string to_toml(const Config& config) {
  std::string text;
  for_each_line([&](const Key& key, std::string_view table, std::string_view name, bool first) {
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
  for_each_line([&](const Key& key, std::string_view table, std::string_view name, bool first) {
    if (first) text += fmt::format("{}\"{}\":{{", text.empty() ? "{" : "},", table);
    text += fmt::format("{}\"{}\":{}", first ? "" : ",", name, to_toml(key.get(config)));
  });
  return text + "}}";
}

}  // namespace toxvol::config
