#include "toxvol/report/table.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

Json table(std::string_view title, std::string_view note, const std::vector<Column>& columns) {
  Json json = {
      {"title", title}, {"note", note}, {"columns", Json::array()}, {"rows", Json::array()}};
  for (const Column& column : columns) {
    Json head = {{"label", column.label}, {"align", column.is_number ? "right" : "left"}};
    if (column.gain != Gain::None) head["gain"] = column.gain == Gain::Good ? 1 : -1;
    json["columns"].push_back(std::move(head));
  }
  return json;
}

}  // namespace toxvol::report
