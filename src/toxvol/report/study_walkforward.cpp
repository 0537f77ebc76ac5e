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
  Json all = table("Folds", "Times are UTC. A Sharpe ratio of a year is told from 30 days on.",
                   {{"fold"},
                    {"in sample, bp a day", true, Gain::Good},
                    {"out of sample, bp a day", true, Gain::Good},
                    {"Sharpe in sample"},
                    {"Sharpe out of sample"},
                    {"positions out of sample"},
                    {"net out of sample, USDT", true, Gain::Good},
                    {"trained from", false},
                    {"to", false},
                    {"tested from", false},
                    {"to", false},
                    {"chosen point"},
                    {"eligible candidates"},
                    {"status", false}});
  std::vector<std::string> names;
  Values in;
  Values out;
  std::int64_t kept = 0;
  for (std::size_t row = 0; row < folds.rows(); ++row) {
    const auto real = [&](const char* name) { return folds.real(name, row); };
    names.push_back(number(real("fold"), 0));
    in.push_back(real("is_mean_bp_day"));
    out.push_back(real("oos_mean_bp_day"));
    if (in.back() && out.back() && *out.back() > 0.0) ++kept;
    figure.row({names.back(), number(in.back(), 2), number(out.back(), 2)});
    all["rows"].push_back(
        {names.back(), number(in.back(), 2), number(out.back(), 2),
         number(sharpe_of(folds, "is_", row), 2), number(sharpe_of(folds, "oos_", row), 2),
         number(real("oos_positions"), 0), number(real("oos_net"), 2), time("train_from", row),
         time("train_to", row), time("test_from", row), time("test_to", row),
         number(real("point"), 0), number(real("eligible"), 0), folds.text("status", row)});
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
