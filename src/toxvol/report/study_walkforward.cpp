#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/time.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

/// The settings that could be chosen, as the columns of folds.parquet are called.
std::vector<std::string> axes_of(const Json& study) {
  std::vector<std::string> names;
  const Json axes = study.value(Json::json_pointer{"/design/axes"}, Json::array());
  for (const Json& axis : axes) names.push_back(axis.value("name", std::string{}));
  return names;
}

}  // namespace

Json walkforward_parts(const Json& study, const LoadedTable& folds) {
  Json part = study_part("folds", "Folds", "In sample beside out of sample",
                         "In each fold the best candidate of the training window traded the test "
                         "window. What falls from the first bar to the second was luck or "
                         "fitting.");
  const auto time = [&](const char* name, std::size_t row) {
    const auto ns = folds.integer(name, row);
    return ns ? time_text(from_ns(*ns)).substr(0, 16) : std::string{kAbsent};
  };
  Figure figure{"folds",
                "bars",
                "Net by fold",
                "Basis points a day: of the training window with what was chosen on it, and of the "
                "test window that came after it.",
                {{"fold", false}, {"in sample, bp a day"}, {"out of sample, bp a day"}}};
  const std::vector<std::string> axes = axes_of(study);
  std::vector<Column> columns = {{"fold"}, {"tested from", false}, {"to", false}};
  for (const std::string& axis : axes) columns.push_back({axis, false});
  columns.insert(columns.end(), {{"in sample, bp a day", true, Gain::Good},
                                 {"out of sample, bp a day", true, Gain::Good},
                                 {"positions out of sample"},
                                 {"net out of sample, USDT", true, Gain::Good},
                                 {"Sharpe in sample"},
                                 {"Sharpe out of sample"},
                                 {"trained from", false},
                                 {"to", false},
                                 {"eligible candidates"},
                                 {"status", false}});
  Json all =
      table("Folds",
            "Times are UTC; what was chosen stands under the names of the settings. A Sharpe "
            "ratio of a year is told from 30 days on.",
            columns);
  std::vector<std::string> names;
  Values in;
  Values out;
  std::int64_t kept = 0;
  for (std::size_t row = 0; row < folds.rows(); ++row) {
    const auto real = [&](const char* name) { return folds.real(name, row); };
    names.push_back(number(real("fold"), 0));
    in.push_back(real("is_mean_bp_day"));
    const std::optional<double> out_of_sample = real("oos_mean_bp_day");
    out.push_back(out_of_sample);
    if (in.back() && out_of_sample && *out_of_sample > 0.0) ++kept;
    figure.row({names.back(), number(in.back(), 2), number(out.back(), 2)});
    Json cells = {names.back(), time("test_from", row), time("test_to", row)};
    for (const std::string& axis : axes) cells.push_back(folds.text(axis, row));
    for (Json cell : {Json(number(in.back(), 2)), Json(number(out.back(), 2)),
                      Json(number(real("oos_positions"), 0)), Json(number(real("oos_net"), 2)),
                      Json(number(sharpe_of(folds, "is_", row), 2)),
                      Json(number(sharpe_of(folds, "oos_", row), 2)), Json(time("train_from", row)),
                      Json(time("train_to", row)), Json(number(real("eligible"), 0)),
                      Json(folds.text("status", row))}) {
      cells.push_back(std::move(cell));
    }
    all["rows"].push_back(std::move(cells));
  }
  figure.x_names("fold", names);
  figure.y("bp a day");
  figure.series("in sample", "amber", in);
  figure.series("out of sample", "main", out);
  const auto figure_of = [&](const char* key) {
    const Json value = study.value(key, Json(nullptr));
    return value.is_number() ? std::optional{value.get<double>()} : std::nullopt;
  };
  part["figures"].push_back(figure.finish(fmt::format(
      "{} of {} test windows earned. Efficiency, out of sample over in sample: {}; rank correlation "
      "of both Sharpe ratios over the folds: {}.",
      count(kept), count(static_cast<std::int64_t>(folds.rows())),
      number(figure_of("efficiency"), 2), number(figure_of("sharpe_rank_correlation"), 2))));
  part["tables"].push_back(std::move(all));
  Json stability =
      table("Stability", "The share of folds that chose the commonest value of an axis.",
            {{"axis", false}, {"share"}});
  const Json shares = study.value("stability", Json::object());
  for (const auto& [axis, share] : shares.items()) {
    stability["rows"].push_back({axis, percent(share.get<double>(), 0)});
  }
  if (!stability["rows"].empty()) part["tables"].push_back(std::move(stability));
  return Json::array({std::move(part)});
}

}  // namespace toxvol::report
