#include "toxvol/study/design_bases.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

/// Numbers the points of all bases, and names those that an earlier one has already.
class Numbered {
 public:
  explicit Numbered(const PointOptions& options) : options_{options} {}

  void add(Point point, std::size_t number, const std::string& base) {
    point.index = number;
    point.base = base;
    point.same_as.reset();
    if (point.status == PointStatus::Ok) {
      const auto [first, is_new] = first_.emplace(text_of(point.config), number);
      if (!is_new) point.same_as = first->second;
    }
    points_.push_back(std::move(point));
  }
  [[nodiscard]] std::vector<Point> take() { return std::move(points_); }

 private:
  /// Equal where a run would be: `auto` inputs are those it settles on.
  [[nodiscard]] std::string text_of(config::Config config) const {
    if (!config.inputs) config.inputs = options_.inputs;
    return config::to_toml(config);
  }

  const PointOptions& options_;
  std::map<std::string, std::size_t> first_;  // by configuration
  std::vector<Point> points_;
};

void check_names(const Design& design, const std::vector<NamedBase>& bases) {
  for (const Variant& variant : design.variants) {
    for (const NamedBase& base : bases) {
      if (variant.name != base.name) continue;
      throw Error{
          fmt::format("{}:{}: variant {}: a base of --presets is called so; give the variant "
                      "another name",
                      design.file, variant.line, variant.name)};
    }
  }
}

}  // namespace

DesignPoints points_of_bases(const Design& design, const PointOptions& options) {
  const std::vector<NamedBase>& bases = options.bases;
  check_names(design, bases);
  std::vector<DesignPoints> of_base;
  for (const NamedBase& base : bases) {
    PointOptions alone = options;
    alone.base = base.config;
    alone.bases.clear();
    of_base.push_back(points_of(design, alone));
  }
  Numbered all{options};
  for (std::size_t b = 0; b < bases.size(); ++b) {
    Point point;
    point.name = bases[b].name;
    point.group = kBaseName;
    point.config = of_base[b].base;
    point.is_base = true;
    all.add(std::move(point), b, bases[b].name);
  }
  for (std::size_t b = 0; b < bases.size(); ++b) {
    const std::size_t before = bases.size() + b * design.variants.size();
    for (Point& point : of_base[b].points) {
      const std::size_t number = before + point.index;
      all.add(std::move(point), number, bases[b].name);
    }
  }
  return {.base = of_base.front().base, .points = all.take()};
}

}  // namespace toxvol::study
