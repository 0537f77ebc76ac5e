#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kDrawn = 20;  // of the variants, those that differ most
constexpr double kCustomary = 0.05;

}  // namespace

Json ablation_parts(const Json& /*study*/, const LoadedTable& variants) {
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < variants.rows(); ++row) order.push_back(row);
  const auto distance = [&](std::size_t row) {
    return std::abs(variants.real("d_t", row).value_or(0.0));
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return distance(a) != distance(b) ? distance(a) > distance(b) : a < b;
  });
  Json differences = study_part(
      "differences", "Differences", "Each switch against the base",
      "The difference of the mean result from the base over the hours that both have, sorted by how "
      "many standard errors it is away from zero. The adjusted p counts that all of them were looked "
      "at; below 0.05 a switch matters. World assumptions are compared each on its own.");
  Json all = table("Paired differences from the base", "",
                   {{"variant", false},
                    {"d, bp a day", true, Gain::Good},
                    {"95 % from"},
                    {"to"},
                    {"adjusted p"},
                    {"p alone"},
                    {"t"},
                    {"before costs, d", true, Gain::Good},
                    {"net, USDT", true, Gain::Good},
                    {"positions"},
                    {"decisions changed"},
                    {"group", false},
                    {"status", false},
                    {"what it sets", false}});
  Figure figure{
      "ablation",
      "bars",
      "The largest differences",
      "Mean difference of net from the base in basis points a day, with its interval of 95 % "
      "on its own; the numbers are places in the table below.",
      {{"place and variant", false}, {"d, bp a day"}}};
  std::vector<std::string> names;
  Values values;
  Values low;
  Values high;
  std::int64_t compared = 0;  // with the base, which is a row as well
  std::int64_t significant = 0;
  for (const std::size_t row : order) {
    const auto real = [&](const char* name) { return variants.real(name, row); };
    const std::string name = variants.text("variant", row);
    const std::string note = variants.text("note", row);
    std::string status = variants.text("status", row);
    if (!note.empty()) status += ": " + note;
    all["rows"].push_back({name, number(real("d_mean_bp_day"), 3), number(real("d_lo"), 3),
                           number(real("d_hi"), 3), number(real("d_p_rw"), 4),
                           number(real("d_p"), 4), number(real("d_t"), 2),
                           number(real("pxd_mean_bp_day"), 3), number(real("net"), 2),
                           number(real("positions"), 0), number(real("decisions_changed"), 0),
                           variants.text("group", row), status, variants.text("set", row)});
    if (real("d_mean_bp_day")) ++compared;
    if (real("d_p_rw").value_or(1.0) < kCustomary) ++significant;
    if (!real("d_mean_bp_day") || names.size() >= kDrawn || distance(row) == 0.0) continue;
    names.push_back(std::to_string(names.size() + 1));
    values.push_back(real("d_mean_bp_day"));
    low.push_back(real("d_lo"));
    high.push_back(real("d_hi"));
    figure.row({fmt::format("{} {}", names.back(), name), number(values.back(), 3)});
  }
  figure.x_names("place in the table", names);
  figure.y("d, bp a day");
  figure.series("difference", "good", values, low, high);
  differences["figures"].push_back(figure.finish(
      fmt::format("{} of {} variants differ from the base with an adjusted p below 0.05.",
                  count(significant), count(compared))));
  differences["tables"].push_back(std::move(all));
  return Json::array({std::move(differences)});
}

}  // namespace toxvol::report
