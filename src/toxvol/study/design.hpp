#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/folds.hpp"

/// Which configurations an experiment looks at, as its TOML says it (docs/designs.md, R27–R29).
namespace toxvol::study {

/// `key = text` of a configuration, in TOML's spelling, and the line where it stands.
struct Assignment {
  std::string key;
  std::string text;
  int line = 0;
};

/// One value of an axis: what each of its keys is set to.
struct AxisValue {
  std::vector<std::string> texts;
  int line = 0;
};
struct Axis {
  std::string name;  // of the column; the key unless there are several
  std::vector<std::string> keys;
  std::vector<AxisValue> values;
  int line = 0;
};

/// `key` is `of` times a number, exactly.
struct Scaled {
  std::string key;
  std::string of;
  std::int64_t times_e8 = 0;
  int line = 0;
};

/// Where a key has a value, `set` is added.
struct Condition {
  Assignment is;
  std::vector<Assignment> set;
};

/// A named point of a list.
struct Variant {
  std::string name;
  std::string says;                // in words, may be empty
  std::string group;               // may be empty
  std::optional<Assignment> base;  // a whole file instead of the design's base
  std::vector<Assignment> set;
  std::vector<Scaled> times;    // of the base's own values; durations in whole minutes, down
  std::vector<Condition> when;  // of the base's own values
  Inputs without;               // kinds taken from those in use
  Inputs needs;                 // kinds without which the variant says nothing
  int line = 0;
};

/// R37: `[walkforward]`.
struct WalkForward {
  enum class Objective : std::uint8_t { Sharpe, SharpeLcb, Net, PosBp };
  enum class Fallback : std::uint8_t { Base, Flat };
  enum class Fit : std::uint8_t { Quantiles, Bucket, Theta, Z, Har };

  FoldScheme scheme = FoldScheme::Rolling;
  Duration train = std::chrono::days{30};
  Duration test = std::chrono::days{7};
  std::optional<Duration> purge{};  // empty: auto, the longest exit.max_hold
  Duration embargo{};
  Objective objective = Objective::Sharpe;
  std::int64_t min_positions = 30;
  Fallback fallback = Fallback::Base;
  bool require_positive = false;
  std::vector<Fit> fit{Fit::Quantiles};

  friend bool operator==(const WalkForward&, const WalkForward&) = default;
};

enum class DesignKind : std::uint8_t { Grid, Random, Sobol, List };
[[nodiscard]] std::string_view name(DesignKind kind);

struct Design {
  std::string file;                // for messages
  std::optional<Assignment> base;  // a preset's name or a path
  std::vector<Assignment> set;     // in every point
  DesignKind kind = DesignKind::Grid;
  std::uint64_t points = 0;  // of random and Sobol designs
  std::vector<Axis> axes;
  std::vector<Scaled> derive;
  std::vector<Variant> variants;
  std::optional<WalkForward> walkforward;
};

/// R29: of the world or the account, as `exchange.queue` or `run.symbol`: a strategy does not
/// choose it, so no axis may vary it.
[[nodiscard]] bool is_of_the_world(std::string_view key);

/// More points than this no design may have: a point is a backtest.
inline constexpr std::uint64_t kMostPoints = 10'000;

/// Throws `Error` with file and line for all that is wrong in the text itself: names, types, axes
/// that may not be varied. Values that a configuration refuses are told when points are made.
[[nodiscard]] Design parse_design(std::string_view toml, const std::string& file);
/// The same from disk.
[[nodiscard]] Design load_design(const std::string& path);

}  // namespace toxvol::study
