#include "toxvol/report/chart_json.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

Json chart_json(std::string_view id, std::string_view show, std::string_view frame,
                std::string_view title, std::string_view unit, std::string_view note) {
  return {{"id", id},
          {"show", show},
          {"frame", frame},
          {"title", title},
          {"unit", unit},
          {"note", note},
          {"series", Json::array()},
          {"bands", Json::array()},
          {"levels", Json::array()}};
}

Json series_json(std::string_view label, std::string_view tone, std::string_view style,
                 const PackedColumn& values) {
  return {{"label", label}, {"tone", tone}, {"style", style}, {"values", values.json}};
}

}  // namespace toxvol::report
