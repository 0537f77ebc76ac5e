#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

/// One configuration of a design.
struct Point {
  std::size_t index = 0;          // in the design; points that were left out keep theirs
  std::vector<std::string> axes;  // what stands on each axis, in TOML's spelling
  std::string name;               // of a variant, with what it is in words and its group
  std::string says;
  std::string group;
  std::string base{};  // the name of the one that it is a variant of, where there are several
  PointStatus status = PointStatus::Ok;
  std::string message;    // why it is not ok
  config::Config config;  // resolved; meaningless where it was refused
  /// Keys with another value than in the base, in the order of the keys, in TOML's spelling.
  std::vector<std::pair<std::string, std::string>> changes;
  /// Of a list: the earlier point with the same configuration; it need not be run again.
  std::optional<std::size_t> same_as;
  bool is_base = false;  // one of several, which are points themselves
};

struct DesignPoints {
  config::Config base;  // with `set`: what the points are compared with; of several the first
  std::vector<Point> points;
};

/// A configuration that a list is run on.
struct NamedBase {
  std::string name;
  config::Config config;
};

struct PointOptions {
  std::optional<config::Config> base{};  // instead of the design's
  std::optional<Inputs> inputs{};        // those that `auto` settles on, where known
  std::uint64_t seed = 1;
  std::vector<std::string> groups{};  // of a list; none: all but `extra`
  std::vector<NamedBase> bases{};     // of a list: in place of the one base, each with its variants
};

/// Those changes as TOML on one line: `exit.k_stop = 3.0, z.clip = 4.0`.
[[nodiscard]] std::string set_text(const Point& point);

/// The points of a design in order (R28, R29). Of points with equal configurations the first stays;
/// a list keeps all, named (`same_as`). Of several bases they come first, then the variants of
/// each; points of different bases may be one. Throws `Error` where the base is missing or refused,
/// and `UsageError` for a group that is none.
[[nodiscard]] DesignPoints points_of(const Design& design, const PointOptions& options);

/// design.json: everything that the points depend on, and no path (R31).
[[nodiscard]] std::string design_json(const Design& design, const PointOptions& options,
                                      const DesignPoints& points);

}  // namespace toxvol::study
