#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/band_shades.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

Json band_parts(const Json& /*study*/, const LoadedTable& rows) {
  Json part =
      study_part("assumptions", "Assumptions", "The same decisions under other assumptions",
                 "If the sign of net differs among them, the result is one of the fill model "
                 "and not of the strategy.");
  Json all = table("Assumptions", "",
                   {{"queue", false},
                    {"net, USDT", true, Gain::Good},
                    {"latency", false},
                    {"tier", false},
                    {"gross", true, Gain::Good},
                    {"slippage", true, Gain::Bad},
                    {"fees", true, Gain::Bad},
                    {"funding", true, Gain::Good},
                    {"positions"},
                    {"fills"},
                    {"maker"},
                    {"same as", false},
                    {"status", false}});
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto real = [&](const char* name) { return rows.real(name, row); };
    std::string queue = rows.text("queue", row);
    if (rows.integer("base", row).value_or(0) != 0) queue += " (this configuration)";
    all["rows"].push_back(
        {queue, number(real("net"), 2), rows.text("order_latency", row), rows.text("tier", row),
         number(real("gross"), 2), number(real("slippage"), 2), number(real("fees"), 2),
         number(real("funding"), 2), number(real("positions"), 0), number(real("fills"), 0),
         percent(real("maker_share"), 1), rows.text("same_as", row), rows.text("status", row)});
  }
  part["tables"].push_back(std::move(all));
  return Json::array({std::move(part)});
}

Json band_chart(const LoadedTable& equity) {
  if (equity.rows() < 2) return nullptr;
  constexpr double kSecond = 1e9;
  const auto at = [&](std::size_t row) {
    return static_cast<double>(equity.integer("ts", row).value_or(0)) / kSecond;
  };
  const double start = at(0);
  const double seconds = at(equity.rows() - 1) - start;
  std::vector<double> times;
  times.reserve(equity.rows());
  for (std::size_t row = 0; row < equity.rows(); ++row) times.push_back(at(row) - start);
  const auto values = [&](std::string_view name) {
    std::vector<std::optional<double>> column;
    column.reserve(equity.rows());
    for (std::size_t row = 0; row < equity.rows(); ++row) column.push_back(equity.real(name, row));
    return packed(column, 2);
  };
  Json chart = {{"id", "band"},
                {"show", "equity"},
                {"frame", "hours"},
                {"title", "Equity between the assumptions"},
                {"unit", "USDT"},
                {"note", fmt::format("Shaded, {}", kShadesMean)},
                {"series", Json::array()},
                {"bands", Json::array()},
                {"levels", Json::array()}};
  const auto add = [&](const Shade& line) {
    chart["series"].push_back({{"label", line.label},
                               {"tone", line.tone},
                               {"style", line.style},
                               {"values", values(line.column)}});
  };
  std::for_each(kBandShades.begin(), kBandShades.end(), add);
  add({"base", "this configuration", "main", "thick"});
  return {{"start", start},
          {"seconds", seconds},
          {"view", {0.0, seconds}},
          {"frames", {{"hours", packed(times, 0)}}},
          {"charts", Json::array({std::move(chart)})},
          {"candles", nullptr},
          {"marks", {{"rows", Json::array()}, {"note", ""}}},
          {"note", ""}};
}

}  // namespace toxvol::report
