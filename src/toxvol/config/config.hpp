#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/config/value.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/problem.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/strategy/params.hpp"

namespace toxvol::config {

/// What `Config` holds from the start.
inline constexpr std::string_view kDefaultPreset = "A";

enum class SetBy : std::uint8_t { File, Flag };

/// Where a key was set.
struct Origin {
  SetBy by = SetBy::File;
  std::string place;  // for messages: `presets/A.toml:12`, `--set`
};

/// Everything one run is told, typed. Keys, units, defaults and sources: docs/config.md.
struct Config {
  // [run]
  std::string symbol = "BTCUSDT";
  std::int64_t seed = 1;
  std::optional<Duration> warmup;  // empty: auto (G3)
  std::optional<Inputs> inputs;    // empty: auto (G4)

  Duration agg_delay{};  // [data]: see engine::EngineParams

  strategy::StrategyParams strategy;
  engine::ExchangeParams exchange;

  /// The built-in preset that it began as, whatever was set since; empty for a file, be it one that
  /// a preset is made of.
  std::string preset{kDefaultPreset};

  /// Of each key that was set. Absent: the default.
  std::map<std::string, Origin, std::less<>> origin;
};

/// Where a key was set, `default` where it was not.
[[nodiscard]] std::string_view place_of(const Config& config, std::string_view key);
/// Whether a key was set on the command line.
[[nodiscard]] bool is_typed(const Config& config, std::string_view key);

/// G3: `auto` is 31 days.
[[nodiscard]] Duration warmup(const Config& config);

/// The engine's parameters, for trading in [from, to) on these inputs.
[[nodiscard]] engine::EngineParams engine_params(const Config& config, const Inputs& inputs,
                                                 Timestamp from, Timestamp to);

/// The text of a configuration file. Throws `Error` with file and line for an unknown key, a wrong
/// type, an impossible value or bad TOML. Keys that are absent keep preset A's value.
[[nodiscard]] Config parse(std::string_view toml, const std::string& file);
/// The same from disk.
[[nodiscard]] Config load(const std::string& path);
/// One of `preset_names`; throws `UsageError` for another name.
[[nodiscard]] Config preset(std::string_view name);
/// From the fastest to the slowest, then the one for exercise.
[[nodiscard]] std::vector<std::string> preset_names();

/// `key=value` of the command line; throws `UsageError`.
void set(Config& config, std::string_view assignment);

/// What no single key can tell: values that cannot stand together. The rooms' own checks, and what
/// would have no effect.
[[nodiscard]] std::vector<Problem> check(const Config& config);
/// Throws the first problem with its value and the place where it was set: `UsageError` for
/// `--set`, else `Error`.
void validate(const Config& config);

/// A complete file in the order of the keys; `parse` of it gives the same configuration.
[[nodiscard]] std::string to_toml(const Config& config);
/// The same as one JSON object a table, for run.json; `inputs` are those that were settled (G4).
[[nodiscard]] std::string to_json(const Config& config,
                                  const std::optional<Inputs>& inputs = std::nullopt);

/// docs/config.md, from the keys.
[[nodiscard]] std::string reference_page();
/// `toxvol config explain`: each key with value, default, unit, source, where it was set, and the
/// time to the first possible decision; with the `name` of a key that one alone.
[[nodiscard]] std::string explain(const Config& config, std::string_view name = {});
/// The same as one JSON object.
[[nodiscard]] std::string explain_json(const Config& config, std::string_view name = {});

}  // namespace toxvol::config
