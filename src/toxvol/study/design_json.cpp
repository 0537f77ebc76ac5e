#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/design_toml.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

Json axes_json(const Design& design) {
  Json axes = Json::array();
  for (const Axis& axis : design.axes) {
    Json json = {{"name", axis.name}, {"keys", axis.keys}, {"values", Json::array()}};
    for (const AxisValue& value : axis.values) json["values"].push_back(value.texts);
    axes.push_back(std::move(json));
  }
  return axes;
}

Json point_json(const Point& point) {
  Json json = {{"point", point.index}};
  if (!point.name.empty()) json["name"] = point.name;
  if (!point.group.empty()) json["group"] = point.group;
  if (!point.base.empty()) json["base"] = point.base;
  json["status"] = name(point.status);
  if (point.same_as) json["same_as"] = *point.same_as;
  if (!point.axes.empty()) json["axes"] = point.axes;
  // TOML spells every value that a key can have as JSON does.
  json["set"] = Json::object();
  for (const auto& [key, text] : point.changes) json["set"][key] = Json::parse(text);
  return json;
}

}  // namespace

std::string design_json(const Design& design, const PointOptions& options,
                        const DesignPoints& points) {
  Json json = {{"schema", 1}, {"design", name(design.kind)}, {"seed", options.seed}};
  const auto told = [&options](const config::Config& config) {
    return Json::parse(config::to_json(config, options.inputs));
  };
  if (options.bases.empty()) {
    json["base"] = told(points.base);
  } else {
    for (const Point& point : points.points) {
      if (point.is_base) json["bases"][point.name] = told(point.config);
    }
  }
  if (!design.axes.empty()) json["axes"] = axes_json(design);
  if (design.walkforward) {
    for (const auto& [name, text] : spelled(*design.walkforward)) {
      json["walkforward"][std::string{name}] = Json::parse(text);
    }
  }
  json["points"] = Json::array();
  for (const Point& point : points.points) json["points"].push_back(point_json(point));
  return indented(json) + '\n';
}

}  // namespace toxvol::study
