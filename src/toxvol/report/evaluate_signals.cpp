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
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_evaluate.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

/// Which lines of decay a series is of.
struct Which {
  std::string_view signal;
  std::string_view subset;
  std::string_view placebo;
};
constexpr Which kPressure = {"p", "all", "none"};

bool is_of(const Json& line, const Which& which) {
  return text(line, "signal") == which.signal && text(line, "subset") == which.subset &&
         text(line, "placebo") == which.placebo;
}

std::vector<std::int64_t> horizons_of_pressure(const Json& lines) {
  std::vector<std::int64_t> found;
  for (const Json& line : lines) {
    if (is_of(line, kPressure)) found.push_back(integer(line, "horizon_s"));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> texts_of(const std::vector<std::int64_t>& horizons) {
  std::vector<std::string> names;
  names.reserve(horizons.size());
  for (const std::int64_t horizon : horizons) names.push_back(horizon_text(horizon));
  return names;
}

/// A column of the lines, by horizon.
Values column(const Json& lines, const Which& which, const std::vector<std::int64_t>& horizons,
              const char* name) {
  Values values(horizons.size());
  for (const Json& line : lines) {
    if (!is_of(line, which)) continue;
    const auto at = std::find(horizons.begin(), horizons.end(), integer(line, "horizon_s"));
    if (at == horizons.end()) continue;
    values.at(static_cast<std::size_t>(at - horizons.begin())) = real(line, name);
  }
  return values;
}

/// A series of a figure over horizons.
struct SignalSeries {
  std::string_view label;
  std::string_view tone;
  Which which;
};

/// `column` of several series; `digits` of the numbers in the table.
Json by_horizon(Figure figure, const Json& lines, const std::vector<SignalSeries>& all,
                const char* name, int digits, std::string_view unit, const std::string& words) {
  const std::vector<std::int64_t> horizons = horizons_of_pressure(lines);
  const std::vector<std::string> names = texts_of(horizons);
  std::vector<Values> columns;
  columns.reserve(all.size());
  for (const SignalSeries& one : all) {
    columns.push_back(column(lines, one.which, horizons, name));
    figure.series(one.label, one.tone, columns.back());
  }
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    Json row = {names[i]};
    for (const Values& values : columns) row.push_back(number(values[i], digits));
    figure.row(std::move(row));
  }
  figure.x_names("after", names);
  figure.y(unit);
  return figure.finish(words);
}

/// What following strong pressure earned, beside two placebos and the cost.
Json edge_figure(const Json& study) {
  const Json& lines = study.at("decay");
  const std::vector<std::int64_t> horizons = horizons_of_pressure(lines);
  Figure figure{"edge",
                "lines",
                "What following strong pressure earned",
                "The mean move in the direction of the strongest fifth of pressure, before costs, "
                "with its interval of 95 %. Grey: the same with the outcomes of a week later; "
                "violet: with random signs. These two show what luck looks like.",
                {{"after", false},
                 {"earned, bp", true, Gain::Good},
                 {"95 % from"},
                 {"to"},
                 {"a week later, bp"},
                 {"random signs, bp"},
                 {"after costs, bp", true, Gain::Good}}};
  const auto of = [&](const Which& which, const char* name) {
    return column(lines, which, horizons, name);
  };
  const Values edge = of(kPressure, "edge_bp");
  const Values low = of(kPressure, "lo");
  const Values high = of(kPressure, "hi");
  const Values shift = of({"p", "all", "shift"}, "edge_bp");
  const Values signs = of({"p", "all", "signs"}, "edge_bp");
  const Values net = of(kPressure, "net_bp");
  const std::vector<std::string> names = texts_of(horizons);
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    figure.row({names[i], number(edge[i], 2), number(low[i], 2), number(high[i], 2),
                number(shift[i], 2), number(signs[i], 2), number(net[i], 2)});
  }
  figure.x_names("after", names);
  figure.y("bp before costs");
  figure.series("pressure", "main", edge, low, high);
  figure.series("a week later", "grey", shift);
  figure.series("random signs", "violet", signs);
  if (const auto cost = real(study.at("costs"), "cost_bp")) {
    figure.level(*cost, "a round trip costs this", "bad");
  }
  return figure.finish(evaluate_words(study, "decay"));
}

Json decay_rows(const Json& lines) {
  Json all = table(
      "All signals, horizons, parts of the rows and placebos",
      "z_obi, z_svi and z_ofi are the three parts of pressure p: the book's imbalance, signed "
      "volume and order flow imbalance; f2 is pressure as it passed the gates. The slope is in bp "
      "for each unit of the signal. What strong signals earned is before costs, then after.",
      {{"signal", false},
       {"after", false},
       {"rows of", false},
       {"placebo", false},
       {"rows"},
       {"rank correlation"},
       {"slope, bp"},
       {"t"},
       {"p"},
       {"signs agree"},
       {"earned, bp", true, Gain::Good},
       {"95 % from"},
       {"to"},
       {"after costs, bp", true, Gain::Good},
       {"strong rows"},
       {"note", false}});
  for (const Json& line : lines) {
    all["rows"].push_back(
        {text(line, "signal"), horizon_text(integer(line, "horizon_s")), text(line, "subset"),
         text(line, "placebo"), count(integer(line, "n")), number(real(line, "ic_rank"), 4),
         number(real(line, "slope"), 3), number(real(line, "t"), 2), number(real(line, "p"), 4),
         percent(real(line, "hit"), 1), number(real(line, "edge_bp"), 2),
         number(real(line, "lo"), 2), number(real(line, "hi"), 2), number(real(line, "net_bp"), 2),
         count(integer(line, "edge_n")), note_words(text(line, "note"))});
  }
  return all;
}

std::string target_words(const Json& finding) {
  return text(finding, "target") == "ln_variance" ? "the next hour's variance"
                                                  : "the size of the next hour's move";
}

/// The t of VPIN beside those of shuffled signs and of other beginnings of the day's buckets.
Json shuffle_figure(const Json& vpin, const Json& finding) {
  const std::string target = text(finding, "target");
  Figure figure{
      "vpin-" + target,
      "points",
      fmt::format("VPIN and {}", target_words(finding)),
      "How surely VPIN says something beside volume and volatility: the size of its t. Grey: with "
      "the signs of the trades shuffled inside each bucket, so that only volume is left; amber: "
      "with the day's buckets begun elsewhere. If grey points lie as high as the blue line, it was "
      "not the signs.",
      {{"which", false}, {"t"}}};
  constexpr std::int64_t kBoth = 3;  // the regression on VPIN, volume and volatility
  std::int64_t shuffles = 0;
  std::int64_t origins = 0;
  const auto t = real(finding, "t");
  if (t) figure.row({"as it was", number(t, 2)});
  for (const Json& line : vpin.at("regressions")) {
    const std::string variant = text(line, "variant");
    const auto value = real(line, "t");
    if (text(line, "target") != target || integer(line, "spec") != kBoth || !value) continue;
    const bool is_shuffle = variant.starts_with("permutation");
    if (!is_shuffle && !variant.starts_with("origin")) continue;
    const std::int64_t place = ++(is_shuffle ? shuffles : origins);
    const std::string name = fmt::format("{} {}", is_shuffle ? "shuffle" : "beginning", place);
    figure.point(static_cast<double>(place), std::abs(*value), is_shuffle ? "grey" : "amber",
                 fmt::format("{}: t {}", name, number(value, 2)));
    figure.row({name, number(value, 2)});
  }
  if (!t || shuffles == 0) return figure.finish(sentence(text(finding, "verdict")));
  figure.x_values("number of the shuffle or beginning", {});
  figure.y("size of t");
  figure.level(std::abs(*t), "as it was", "main");
  figure.level(kTwoSided95, "1.96", "grey");
  return figure.finish(fmt::format(
      "Of {}: {} Its t is {}, R\u00b2 gains {}; a t as large with shuffled signs has a p of {}.",
      target_words(finding), sentence(text(finding, "verdict")), number(t, 2),
      number(real(finding, "gain"), 4), number(real(finding, "permutation_p"), 3)));
}

Json correlation_figure(const Json& vpin) {
  Figure figure{"vpin-correlations",
                "rows",
                "What VPIN goes with",
                "Rank correlation of VPIN with the last hour's volume, number of trades and "
                "variance, for each way to tell buyers from sellers. Near 1 or \u22121 it says "
                "again what these say.",
                {{"with", false}, {"as traded"}, {"by minutes"}, {"by seconds"}, {"hours"}}};
  const std::vector<std::pair<std::string_view, std::string>> all = {
      {"ln_volume", "volume"}, {"ln_count", "number of trades"}, {"ln_variance", "variance"}};
  std::vector<std::string> names;
  std::vector<Values> columns(3);
  const std::vector<std::string_view> classifiers = {"aggressor", "bvc_1m", "bvc_1s"};
  for (const auto& [key, label] : all) {
    names.push_back(label);
    Json row = {label};
    std::int64_t hours = 0;
    for (std::size_t i = 0; i < classifiers.size(); ++i) {
      std::optional<double> rank;
      for (const Json& one : vpin.at("correlations")) {
        if (text(one, "with") != key || text(one, "classifier") != classifiers[i]) continue;
        rank = real(one, "rank");
        hours = std::max(hours, integer(one, "n"));
      }
      columns[i].push_back(rank);
      row.push_back(number(rank, 3));
    }
    row.push_back(count(hours));
    figure.row(std::move(row));
  }
  figure.x_names("", names);
  figure.y("rank correlation");
  figure.series("as traded", "main", columns[0]);
  figure.series("by minutes", "amber", columns[1]);
  figure.series("by seconds", "violet", columns[2]);
  if (!columns[0][0]) return figure.finish("There are too few hours with VPIN to tell.");
  return figure.finish(fmt::format(
      "As traded, VPIN has a rank correlation of {} with the last hour's volume, {} with its number "
      "of trades and {} with its variance.",
      number(columns[0][0], 2), number(columns[0][1], 2), number(columns[0][2], 2)));
}

Json regression_rows(const Json& vpin) {
  Json all =
      table("Regressions of the run's VPIN",
            "The coefficient is that of one standard deviation of VPIN. Gain is what R\u00b2 "
            "is more than with volume and volatility alone.",
            {{"who bought", false},
             {"what is foretold", false},
             {"by", false},
             {"hours"},
             {"coefficient"},
             {"t"},
             {"p"},
             {"R\u00b2"},
             {"gain"},
             {"note", false}});
  const auto by = [](std::int64_t spec) -> std::string_view {
    if (spec == 1) return "VPIN alone";
    return spec == 2 ? "volume and volatility" : "both";
  };
  for (const Json& line : vpin.at("regressions")) {
    if (text(line, "variant") != "run") continue;
    all["rows"].push_back({text(line, "classifier"), target_words(line), by(integer(line, "spec")),
                           count(integer(line, "n")), number(real(line, "coef"), 4),
                           number(real(line, "t"), 2), number(real(line, "p"), 4),
                           number(real(line, "r2"), 4), number(real(line, "gain"), 4),
                           note_words(text(line, "note"))});
  }
  return all;
}

}  // namespace

Json decay_part(const Json& study) {
  const Json& lines = study.at("decay");
  Json part = study_part("decay", "Signals", "How far and how long the flow signals foretell",
                         "How the price moved after each decision, from its mid on, against what "
                         "the signal said.");
  part["figures"].push_back(edge_figure(study));
  std::int64_t sure = 0;
  std::int64_t known = 0;
  for (const Json& line : lines) {
    if (text(line, "subset") != "all" || text(line, "placebo") != "none") continue;
    const auto t = real(line, "t");
    const auto p = real(line, "p");
    if (!t || !p) continue;
    ++known;
    if (*t > 0.0 && *p <= kTestLevel) ++sure;
  }
  const std::vector<SignalSeries> signals = {{"pressure p", "main", {"p", "all", "none"}},
                                             {"z_obi", "good", {"z_obi", "all", "none"}},
                                             {"z_svi", "amber", {"z_svi", "all", "none"}},
                                             {"z_ofi", "violet", {"z_ofi", "all", "none"}},
                                             {"f2", "bad", {"f2", "all", "none"}}};
  const std::vector<Column> columns = {{"after", false}, {"pressure p"}, {"z_obi"},
                                       {"z_svi"},        {"z_ofi"},      {"f2"}};
  part["figures"].push_back(by_horizon(
      Figure{"decay-t", "lines", "How surely each signal foretells",
             "The t of the slope of the later move on the signal. Between the broken lines chance "
             "alone is enough, for each point on its own.",
             columns},
      lines, signals, "t", 2, "t of the slope",
      fmt::format("{} of {} slopes are above 0 with a p of at most 0.05; of as many without any "
                  "meaning {} would be.",
                  count(sure), count(known),
                  number(static_cast<double>(known) * kTestLevel / 2.0, 1))));
  part["figures"].back()["lines"] =
      Json::array({{{"y", kTwoSided95}, {"label", ""}, {"tone", "grey"}},
                   {{"y", -kTwoSided95}, {"label", ""}, {"tone", "grey"}}});
  part["figures"].push_back(by_horizon(
      Figure{"decay-ic", "lines", "How strongly each signal goes with the later move",
             "Rank correlation of the signal with the move after it.", columns},
      lines, signals, "ic_rank", 4, "rank correlation",
      "A correlation of 0.05 is much for a market, and explains a four-hundredth of the moves."));
  part["figures"].push_back(by_horizon(
      Figure{"decay-subsets",
             "lines",
             "Strong pressure in parts of the rows",
             "What following it earned before costs, in all rows, where the market was neutral or "
             "crowded, and where flow was not toxic. Smaller parts vary more by luck.",
             {{"after", false}, {"all rows"}, {"neutral"}, {"crowded"}, {"not toxic"}}},
      lines,
      {{"all rows", "main", {"p", "all", "none"}},
       {"neutral", "grey", {"p", "neutral", "none"}},
       {"crowded", "amber", {"p", "crowded", "none"}},
       {"not toxic", "violet", {"p", "not_toxic", "none"}}},
      "edge_bp", 2, "bp before costs",
      "If toxicity or crowding mattered, their lines would stand apart from that of all rows."));
  part["tables"].push_back(decay_rows(lines));
  return part;
}

Json vpin_part(const Json& study) {
  const Json& vpin = study.at("vpin");
  Json part = study_part("vpin", "VPIN", "Does VPIN say more than volume and volatility?",
                         "VPIN: " + evaluate_words(study, "vpin"));
  for (const Json& finding : vpin.at("findings")) {
    part["figures"].push_back(shuffle_figure(vpin, finding));
  }
  part["figures"].push_back(correlation_figure(vpin));
  part["tables"].push_back(regression_rows(vpin));
  return part;
}

}  // namespace toxvol::report
