#include "toxvol/report/figure.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

Json numbers(const Values& values) {
  Json list = Json::array();
  for (const std::optional<double>& value : values) {
    list.push_back(value && std::isfinite(*value) ? Json(*value) : Json(nullptr));
  }
  return list;
}

}  // namespace

Figure::Figure(std::string_view id, std::string_view kind, std::string_view title,
               std::string_view note, const std::vector<Column>& columns)
    : json_{{"id", id},
            {"title", title},
            {"note", note},
            {"text", ""},
            {"kind", kind},
            {"x", {{"label", ""}}},
            {"y", {{"label", ""}}},
            {"series", Json::array()},
            {"table", table(title, "", columns)}} {}

void Figure::x_names(std::string_view label, const std::vector<std::string>& names) {
  json_["x"] = {{"label", label}, {"names", names}};
}

void Figure::x_values(std::string_view label, const std::vector<double>& values) {
  json_["x"] = {{"label", label}, {"values", values}};
}

void Figure::y(std::string_view label, const std::vector<std::string>& names) {
  json_["y"] = {{"label", label}};
  if (!names.empty()) json_["y"]["names"] = names;
}

void Figure::series(std::string_view label, std::string_view tone, const Values& values,
                    const Values& low, const Values& high) {
  Json one = {{"label", label}, {"tone", tone}, {"values", numbers(values)}};
  if (!low.empty()) one["low"] = numbers(low);
  if (!high.empty()) one["high"] = numbers(high);
  json_["series"].push_back(std::move(one));
}

void Figure::point(double x, double y, std::string_view tone, const std::string& text) {
  json_["points"].push_back({{"x", x}, {"y", y}, {"tone", tone}, {"text", text}});
}

void Figure::upright(double x, const std::string& label, std::string_view tone) {
  json_["lines"].push_back({{"x", x}, {"label", label}, {"tone", tone}});
}

void Figure::level(double y, const std::string& label, std::string_view tone) {
  json_["lines"].push_back({{"y", y}, {"label", label}, {"tone", tone}});
}

void Figure::cells(const Values& values, const std::vector<std::string>& texts) {
  Json row = Json::array();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::optional<double>& value = values[i];
    row.push_back({{"value", value ? Json(*value) : Json(nullptr)}, {"text", texts[i]}});
  }
  json_["cells"].push_back(std::move(row));
}

void Figure::axis(std::string_view label, const std::vector<std::string>& names) {
  json_["axes"].push_back({{"label", label}, {"names", names}});
}

void Figure::path(const std::vector<std::size_t>& at, double value, const std::string& text) {
  json_["paths"].push_back({{"at", at}, {"value", value}, {"text", text}});
}

Json Figure::finish(const std::string& text) {
  json_["text"] = text;
  return std::move(json_);
}

}  // namespace toxvol::report
