#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/levels.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_evaluate.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr const char* kBenchmark = "har";

/// Models whose common sample is another one: their losses are not to be set beside the others'.
bool is_fitted(std::string_view model) {
  return model == "har_log" || model == "har_ols";
}

std::vector<std::int64_t> horizons_of(const Json& rows) {
  std::vector<std::int64_t> found;
  for (const Json& row : rows) {
    const std::int64_t horizon = integer(row, "horizon_min");
    if (std::find(found.begin(), found.end(), horizon) == found.end()) found.push_back(horizon);
  }
  return found;
}

/// What a column says of each model, as it is and scaled.
struct Columns {
  std::vector<std::string> names;
  Values plain;
  Values scaled;
};
Columns columns_of(const Json& rows, std::int64_t horizon, const char* column) {
  Columns made;
  for (const Json& row : rows) {
    const std::string model = text(row, "model");
    if (integer(row, "horizon_min") != horizon || is_fitted(model)) continue;
    auto at = static_cast<std::size_t>(std::find(made.names.begin(), made.names.end(), model) -
                                       made.names.begin());
    if (at == made.names.size()) {
      made.names.push_back(model);
      made.plain.emplace_back();
      made.scaled.emplace_back();
    }
    (row.at("scaled").get<bool>() ? made.scaled : made.plain).at(at) = real(row, column);
  }
  return made;
}

Json loss_figure(const Json& rows, std::int64_t horizon) {
  const std::string after = horizon_text(horizon * kMinuteSeconds);
  Figure figure{fmt::format("qlike-{}", horizon),
                "rows",
                fmt::format("QLIKE of forecasts of the next {}", after),
                "The mean loss of each forecast, as it is and scaled by its own past. Shorter is "
                "closer to the variance that came. The broken line is HAR as it is.",
                {{"model", false}, {"as it is"}, {"scaled"}}};
  const Columns made = columns_of(rows, horizon, "qlike");
  figure.x_names("", made.names);
  figure.y("mean QLIKE");
  figure.series("as it is", "main", made.plain);
  figure.series("scaled", "amber", made.scaled);
  std::string best;
  std::optional<double> least;
  std::optional<double> har;
  for (std::size_t i = 0; i < made.names.size(); ++i) {
    figure.row({made.names[i], number(made.plain[i], 4), number(made.scaled[i], 4)});
    if (made.names[i] == kBenchmark) har = made.plain[i];
    for (const auto& [value, word] :
         {std::pair{made.plain[i], ""}, std::pair{made.scaled[i], "scaled "}}) {
      if (!value || (least && *value >= *least)) continue;
      least = value;
      best = word + made.names[i];
    }
  }
  if (har) figure.level(*har, "HAR", "grey");
  return figure.finish(least ? fmt::format("The lowest loss is that of {}: {}; HAR as it is: {}.",
                                           best, number(least, 4), number(har, 4))
                             : fmt::format("Too few points for forecasts of the next {}.", after));
}

Json test_figure(const Json& rows, std::int64_t horizon) {
  const std::string after = horizon_text(horizon * kMinuteSeconds);
  Figure figure{fmt::format("dm-{}", horizon),
                "rows",
                fmt::format("Against HAR, the next {}", after),
                "The statistic of Diebold and Mariano on the differences of QLIKE: to the left a "
                "forecast loses less than HAR, to the right more. Between the broken lines chance "
                "alone is enough; each forecast is looked at on its own.",
                {{"model", false}, {"as it is"}, {"scaled"}}};
  const Columns made = columns_of(rows, horizon, "dm_qlike");
  figure.x_names("", made.names);
  figure.y("Diebold\u2013Mariano");
  figure.series("as it is", "main", made.plain);
  figure.series("scaled", "amber", made.scaled);
  figure.level(-kTwoSided95, "", "grey");
  figure.level(kTwoSided95, "", "grey");
  std::int64_t compared = 0;
  for (std::size_t i = 0; i < made.names.size(); ++i) {
    figure.row({made.names[i], number(made.plain[i], 2), number(made.scaled[i], 2)});
    compared += (made.plain[i] ? 1 : 0) + (made.scaled[i] ? 1 : 0);
  }
  std::int64_t better = 0;
  std::int64_t worse = 0;
  std::optional<double> spa;
  for (const Json& row : rows) {
    if (integer(row, "horizon_min") != horizon || is_fitted(text(row, "model"))) continue;
    spa = real(row, "spa_p");
    const auto dm = real(row, "dm_qlike");
    const auto p = real(row, "p_qlike");
    if (!dm || !p || *p > kTestLevel) continue;
    ++(*dm < 0.0 ? better : worse);
  }
  if (compared == 0) return figure.finish("Too few points for a test.");
  std::string words =
      fmt::format("{} of {} forecasts lose less than HAR with a p of at most 0.05, {} lose more.",
                  count(better), count(compared), count(worse));
  if (spa) {
    words += fmt::format(
        " That the best of all is no better than HAR has a p of {}, which counts that all were "
        "looked at.",
        number(spa, 3));
  }
  return figure.finish(words);
}

Json names_table() {
  Json names = table("What the names mean",
                     "Each forecasts the variance of the coming minutes. Scaled: times what its "
                     "own earlier forecasts were too small or too large by.",
                     {{"name", false}, {"forecast", false}});
  names["rows"] = Json::array(
      {{"last", "as much as in the stretch of that length just before"},
       {"rv", "the squared returns of the last minutes, in the strategy's short half-life"},
       {"pk, gk, rs",
        "from high, low, open and close of those minutes: Parkinson, Garman and "
        "Klass, Rogers and Satchell"},
       {"yz", "Yang and Zhang, which counts jumps between minutes too"},
       {"ewma_gk_short, ewma_gk_long", "a fading mean of gk, of the short and the long half-life"},
       {"ewma_r2", "a fading mean of squared returns, of the long half-life"},
       {"sigma", "the volatility that the strategy sizes by"},
       {"har", "HAR: a fixed mix of the variance of the last day, week and month; the one to beat"},
       {"har_log, har_ols",
        "HAR of logarithms; HAR fitted anew each day. They are known at other "
        "moments, so they are in the table alone"}});
  return names;
}

Json forecast_rows(const Json& rows) {
  Json all = table(
      "All forecasts",
      "The comparison is with HAR as it is: a statistic above 0 loses more. t is the same with "
      "errors that allow for losses that persist. A forecast without bias has a = 0 and b = 1 in "
      "the regression of what came on it (Mincer and Zarnowitz).",
      {{"next", false},
       {"model", false},
       {"scaled", false},
       {"points"},
       {"QLIKE"},
       {"DM of QLIKE"},
       {"p of QLIKE"},
       {"t"},
       {"DM of MSE"},
       {"p of MSE"},
       {"forecast / came"},
       {"a, p of both"},
       {"b"},
       {"R\u00b2"},
       {"points left out"},
       {"note", false}});
  for (const Json& row : rows) {
    all["rows"].push_back({horizon_text(integer(row, "horizon_min") * kMinuteSeconds),
                           text(row, "model"), row.at("scaled").get<bool>() ? "yes" : "no",
                           count(integer(row, "n")), number(real(row, "qlike"), 4),
                           number(real(row, "dm_qlike"), 2), number(real(row, "p_qlike"), 4),
                           number(real(row, "t_nw_qlike"), 2), number(real(row, "dm_mse"), 2),
                           number(real(row, "p_mse"), 4), number(real(row, "bias"), 3),
                           number(real(row, "mz_p"), 4), number(real(row, "mz_b"), 3),
                           number(real(row, "r2"), 3), count(integer(row, "dropped")),
                           note_words(text(row, "note"))});
  }
  return all;
}

/// A logarithm of a ratio, as per cent above 1.
std::optional<double> above(const std::optional<double>& log_ratio) {
  if (!log_ratio) return std::nullopt;
  return kPercent * std::expm1(*log_ratio);
}

Json decile_figure(const Json& one) {
  const std::string after = horizon_text(integer(one, "horizon_min") * kMinuteSeconds);
  const std::string forecast = text(one, "forecast");
  Figure figure{
      fmt::format("deciles-{}-{}", forecast, integer(one, "horizon_min")),
      "bars",
      fmt::format("The next {} against {}", after, forecast),
      "How far volatility came out above its forecast, in the mean of logarithms, by tenths of "
      "compression: 10 is the most compressed. The lines are intervals of 95 %.",
      {{"tenth", false},
       {"above the forecast, %"},
       {"95 % from"},
       {"to"},
       {"rows"},
       {"note", false}}};
  std::vector<std::string> names;
  Values values;
  Values low;
  Values high;
  for (const Json& row : one.at("deciles")) {
    names.push_back(std::to_string(integer(row, "decile")));
    values.push_back(above(real(row, "log_ratio")));
    low.push_back(above(real(row, "lo")));
    high.push_back(above(real(row, "hi")));
    figure.row({names.back(), number(values.back(), 1), number(low.back(), 1),
                number(high.back(), 1), count(integer(row, "n")), note_words(text(row, "note"))});
  }
  figure.x_names("tenth of compression", names);
  figure.y("% above the forecast");
  figure.series("above the forecast", "main", values, low, high);
  return figure.finish(sentence(text(one, "verdict")));
}

}  // namespace

Json forecast_part(const Json& study) {
  const Json& rows = study.at("forecasts");
  Json part =
      study_part("forecasts", "Forecasts", "Which forecast of volatility is closest",
                 "QLIKE is the loss: it punishes a forecast that is too small more than one "
                 "that is too large. " +
                     evaluate_words(study, "volatility"));
  for (const std::int64_t horizon : horizons_of(rows)) {
    part["figures"].push_back(loss_figure(rows, horizon));
    part["figures"].push_back(test_figure(rows, horizon));
  }
  part["tables"].push_back(forecast_rows(rows));
  part["tables"].push_back(names_table());
  return part;
}

Json compression_part(const Json& study) {
  Json part = study_part(
      "compression", "Compression", "Is volatility above its forecast after compression?",
      "The idea of alpha A: volatility that is low against its last hours will soon be higher than "
      "forecast. Nights are quiet and followed by mornings, so the answer that counts compares "
      "compressed minutes with others of the same hour of day.");
  Json all = table("The most compressed tenth against the others",
                   "How much further volatility exceeds its forecast after the most compressed "
                   "tenth of minutes than after all others, and than after others of the same hour "
                   "of day, which is the answer that counts.",
                   {{"forecast", false},
                    {"next", false},
                    {"rows"},
                    {"all others, %"},
                    {"95 % from"},
                    {"to"},
                    {"p"},
                    {"same hour, %"},
                    {"95 % from"},
                    {"to"},
                    {"p"},
                    {"in words", false}});
  for (const Json& one : study.at("compression")) {
    Json row = {text(one, "forecast"), horizon_text(integer(one, "horizon_min") * kMinuteSeconds),
                count(integer(one, "n"))};
    for (const char* which : {"plain", "hourly"}) {
      const Json& excess = one.at(which);
      const auto b = real(excess, "b");
      const auto se = real(excess, "se");
      const auto bound = [&](double side) {
        return b && se ? above(*b + side * kTwoSided95 * *se) : std::nullopt;
      };
      row.push_back(number(above(b), 1));
      row.push_back(number(bound(-1.0), 1));
      row.push_back(number(bound(1.0), 1));
      row.push_back(number(real(excess, "p"), 4));
    }
    row.push_back(sentence(text(one, "verdict")));
    all["rows"].push_back(std::move(row));
    part["figures"].push_back(decile_figure(one));
  }
  part["tables"].push_back(std::move(all));
  return part;
}

}  // namespace toxvol::report
