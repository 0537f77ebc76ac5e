#include "toxvol/report/study_compare.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/duration.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/headline.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kMaxDrawn = 12;  // runs in the chart of equity

/// The last part of each folder's name where that tells them apart, else all of it.
std::vector<std::string> names_of(const Json& study) {
  std::vector<std::string> all;
  std::vector<std::string> last;
  for (const Json& run : study.at("runs")) {
    all.push_back(text(run, "run"));
    std::filesystem::path path = all.back();
    if (!path.has_filename()) path = path.parent_path();
    last.push_back(path.filename().string());
  }
  std::vector<std::string> sorted = last;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() ? last : all;
}

/// How the mean of a run differs from the first.
enum class Side : std::uint8_t { Unknown, Less, Alike, More };
Side side_of(const Json& against) {
  const auto lo = real(against, "d_lo");
  const auto hi = real(against, "d_hi");
  if (!lo || !hi) return Side::Unknown;
  if (*lo > 0.0) return Side::More;
  return *hi < 0.0 ? Side::Less : Side::Alike;
}

std::string of_two(const Json& study) {
  const std::vector<std::string> names = names_of(study);
  const Json& against = study.at("runs").at(1).at("against_first");
  const std::string range =
      fmt::format("between {} and {} bp a day, by an interval of 95 %",
                  number(real(against, "d_lo"), 2), number(real(against, "d_hi"), 2));
  switch (side_of(against)) {
    case Side::More:
      return fmt::format("{} earned more than {}, {}", names[1], names[0], range);
    case Side::Less:
      return fmt::format("{} earned less than {}, {}", names[1], names[0], range);
    case Side::Alike:
      return fmt::format("That {} and {} differ cannot be told from chance: {}", names[0], names[1],
                         range);
    case Side::Unknown:
      break;
  }
  const std::string why = note_words(text(against, "note"));
  return fmt::format("{} and {} cannot be compared{}", names[0], names[1],
                     why.empty() ? "" : ": " + why);
}

Json head(const Json& study, bool is_synthetic) {
  const std::size_t runs = study.at("runs").size();
  Json notes = Json::array();
  if (runs > 2) {
    notes.push_back(
        "Each run is compared with the first on its own. Of twenty runs without any difference one "
        "would seem to differ by chance, and who chooses the best of many looks at luck.");
  }
  notes.push_back(
      "Which of two runs earned more is no proof that either earns: see whether the interval of "
      "its own mean lies above 0. How often one looked is not counted here, but by toxvol trials.");
  if (is_synthetic) notes.push_back(kSyntheticNote);
  return {{"tone", "none"}, {"text", compare_verdict(study) + "."}, {"notes", notes}};
}

/// Equity of each run in per cent of its first, on the hours that any of them has.
Json equity_chart(const LoadedTable& rows, const std::vector<std::string>& names) {
  std::vector<std::map<std::int64_t, double>> curves(names.size());
  std::map<std::int64_t, std::size_t> hours;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto run = static_cast<std::size_t>(rows.integer("run", row).value_or(-1));
    const auto ts = rows.integer("ts", row);
    const auto equity = rows.real("equity", row);
    if (run >= std::min(curves.size(), kMaxDrawn) || !ts || !equity) continue;
    curves[run].emplace(*ts, *equity);
    hours.emplace(*ts, 0);
  }
  if (hours.size() < 2) return nullptr;
  std::size_t place = 0;
  std::vector<double> times;
  constexpr double kSecond = 1e9;
  const double start = static_cast<double>(hours.begin()->first) / kSecond;
  for (auto& [ts, at] : hours) {
    at = place++;
    times.push_back(static_cast<double>(ts) / kSecond - start);
  }
  constexpr std::array<std::string_view, 6> kRunTones = {"main", "amber", "violet",
                                                         "good", "bad",   "grey"};
  std::string note = "In per cent of what each began with, after costs, hour by hour.";
  if (names.size() > kMaxDrawn) {
    note += fmt::format(" The first {} of {} runs are drawn; the tables have all.",
                        count(static_cast<std::int64_t>(kMaxDrawn)),
                        count(static_cast<std::int64_t>(names.size())));
  }
  Json chart = {{"id", "compared"},
                {"show", "equity"},
                {"frame", "hours"},
                {"title", "Equity of each run"},
                {"unit", "% of the start"},
                {"note", note},
                {"series", Json::array()},
                {"bands", Json::array()},
                {"levels", Json::array({{{"value", 0.0}, {"label", ""}}})}};
  for (std::size_t run = 0; run < std::min(names.size(), kMaxDrawn); ++run) {
    std::vector<std::optional<double>> values(hours.size());
    if (curves[run].empty()) continue;
    const double first = curves[run].begin()->second;
    for (const auto& [ts, equity] : curves[run]) {
      values[hours.at(ts)] = kPercent * (equity / first - 1.0);
    }
    std::string_view style = run == 0 ? "thick" : "line";
    if (run >= kRunTones.size()) style = "dash";
    chart["series"].push_back({{"label", names[run]},
                               {"tone", kRunTones.at(run % kRunTones.size())},
                               {"style", style},
                               {"values", packed(values, 4)}});
  }
  return {{"start", start},
          {"seconds", times.back()},
          {"view", {0.0, times.back()}},
          {"frames", {{"hours", packed(times, 0)}}},
          {"charts", Json::array({std::move(chart)})},
          {"candles", nullptr},
          {"marks", {{"rows", Json::array()}, {"note", ""}}},
          {"note", ""}};
}

/// Whole units of the run's returns, in days.
double days_of(const Json& run, const char* key, std::string_view unit) {
  const auto length = parse_duration(unit);
  if (!length) return 0.0;
  return static_cast<double>(integer(run, key)) *
         std::chrono::duration<double, std::chrono::days::period>(*length).count();
}

std::string with_range(const Json& object, const char* value, const char* lo, const char* hi,
                       int digits) {
  std::string words = number(real(object, value), digits);
  if (real(object, lo)) {
    words += fmt::format(" ({} to {})", number(real(object, lo), digits),
                         number(real(object, hi), digits));
  }
  return words;
}

/// Decimals are texts in documents: `-12.5`.
std::string decimal_of(const Json& run, const char* key) {
  const std::string words = text(run, key);
  return words.empty() ? std::string{kAbsent} : number(std::stod(words), 2);
}

Json difference_part(const Json& study, const std::vector<std::string>& names) {
  Json part = study_part(
      "differences", "Differences", "Each run less the first",
      "Over the hours that both runs have. Net, and as filled: before fees and funding.");
  const std::string unit = text(study, "unit");
  Figure figure{
      "differences",
      "rows",
      fmt::format("Mean result less that of {}", names[0]),
      "Basis points a day with the interval of 95 %. A bar whose line crosses 0 cannot be "
      "told from chance.",
      {{"run", false}, {"net, bp a day"}, {"as filled, bp a day"}}};
  Json all = table(fmt::format("Differences from {}", names[0]),
                   "A difference of Sharpe ratios of a year is told from 30 days on.",
                   {{"run", false},
                    {"net, bp a day", true, Gain::Good},
                    {"95 % from"},
                    {"to"},
                    {"t"},
                    {"p"},
                    {"Sharpe a year"},
                    {"as filled, bp a day", true, Gain::Good},
                    {"95 % from"},
                    {"to"},
                    {"p"},
                    {"common units"},
                    {"note", false}});
  std::vector<std::string> others;
  std::array<Values, 6> columns;
  const std::array<const char*, 6> keys = {"d_mean_bp_day",   "d_lo",   "d_hi",
                                           "pxd_mean_bp_day", "pxd_lo", "pxd_hi"};
  for (std::size_t i = 1; i < names.size(); ++i) {
    const Json& against = study.at("runs").at(i).at("against_first");
    others.push_back(names[i]);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      columns.at(k).push_back(real(against, keys.at(k)));
    }
    const auto cell = [&](const char* key, int digits) {
      return number(real(against, key), digits);
    };
    const bool has_year = days_of(against, "n", unit) >= kLeastDaysOfYear;
    all["rows"].push_back(
        {names[i], cell("d_mean_bp_day", 2), cell("d_lo", 2), cell("d_hi", 2), cell("d_t", 2),
         cell("d_p", 4),
         has_year ? with_range(against, "d_sharpe", "d_sharpe_lo", "d_sharpe_hi", 2)
                  : std::string{kAbsent},
         cell("pxd_mean_bp_day", 2), cell("pxd_lo", 2), cell("pxd_hi", 2), cell("pxd_p", 4),
         fmt::format("{} of {}", count(integer(against, "n")), unit),
         note_words(text(against, "note"))});
    figure.row({names[i], cell("d_mean_bp_day", 2), cell("pxd_mean_bp_day", 2)});
  }
  figure.x_names("", others);
  figure.y("bp a day less the first");
  figure.series("net", "main", columns[0], columns[1], columns[2]);
  figure.series("as filled", "amber", columns[3], columns[4], columns[5]);
  part["figures"].push_back(figure.finish(compare_verdict(study) + "."));
  part["tables"].push_back(std::move(all));
  return part;
}

std::string words_of(const Json& difference) {
  if (difference.is_null()) return "none";
  const std::string in = text(difference, "in");
  std::string words = text(difference, "ts");
  if (in != "both") {
    return words + (in == "first" ? ": a row of the first run only" : ": a row of this run only");
  }
  constexpr std::size_t kShown = 3;
  const Json& columns = difference.at("columns");
  for (std::size_t i = 0; i < std::min(kShown, columns.size()); ++i) {
    const Json& column = columns.at(i);
    words += fmt::format("{} {} {} \u2192 {}", i == 0 ? ":" : ",", text(column, "name"),
                         text(column, "first"), text(column, "other"));
  }
  if (columns.size() > kShown) {
    words += fmt::format(", and {} more columns",
                         count(static_cast<std::int64_t>(columns.size() - kShown)));
  }
  return words;
}

Json decision_part(const Json& study, const std::vector<std::string>& names) {
  Json part = study_part("decisions", "Decisions", "Where they part",
                         "The first minute in which a column of the decisions differs, and the "
                         "first in which something else was decided.");
  Json all = table(fmt::format("Decisions against those of {}", names[0]), "",
                   {{"run", false},
                    {"rows in both"},
                    {"with another signal"},
                    {"first row that differs", false},
                    {"first decision that differs", false},
                    {"what else differs", false}});
  for (std::size_t i = 1; i < names.size(); ++i) {
    const Json& against = study.at("runs").at(i).at("against_first");
    std::string remarks;
    for (const Json& remark : against.at("remarks")) {
      remarks += (remarks.empty() ? "" : "; ") + remark.get<std::string>();
    }
    const Json& decisions = against.at("decisions");
    if (decisions.is_null()) {
      all["rows"].push_back({names[i], kAbsent, kAbsent, "not compared", "not compared", remarks});
      continue;
    }
    all["rows"].push_back(
        {names[i], count(integer(decisions, "rows")), count(integer(decisions, "changed")),
         words_of(decisions.at("first_row")), words_of(decisions.at("first_decision")), remarks});
  }
  part["tables"].push_back(std::move(all));
  return part;
}

Json result_part(const Json& study, const std::vector<std::string>& names) {
  Json part = study_part("results", "Side by side", "What each run says by itself", "");
  const std::string unit = text(study, "unit");
  std::vector<Column> columns = {{"figure", false}};
  for (const std::string& name : names) columns.push_back({name});
  Json all = table("Results",
                   "In brackets the interval of 95 %. As filled is before fees and funding. A "
                   "Sharpe ratio of a year is told from 30 days on.",
                   columns);
  const auto add = [&](std::string_view label, const std::function<std::string(const Json&)>& of) {
    Json row = {label};
    for (const Json& run : study.at("runs")) row.push_back(of(run));
    all["rows"].push_back(std::move(row));
  };
  const auto of_year = [&](const char* value, const char* lo, const char* hi) {
    return [=](const Json& run) {
      return days_of(run, "n", unit) >= kLeastDaysOfYear ? with_range(run, value, lo, hi, 2)
                                                         : std::string{kAbsent};
    };
  };
  add("market", [](const Json& run) { return text(run, "symbol"); });
  add("from", [](const Json& run) { return text(run, "from"); });
  add("to", [](const Json& run) { return text(run, "to"); });
  add("preset", [](const Json& run) {
    const std::string preset = text(run, "preset");
    return preset.empty() ? std::string{"a file"} : preset;
  });
  for (const auto& [label, key] :
       {std::pair{"net, USDT", "net"}, std::pair{"gross, USDT", "gross"},
        std::pair{"less slippage", "slippage"}, std::pair{"less fees", "fees"},
        std::pair{"funding", "funding"}}) {
    add(label, [name = key](const Json& run) { return decimal_of(run, name); });
  }
  add("net, bp a day",
      [](const Json& run) { return with_range(run, "mean_bp_day", "mean_lo", "mean_hi", 2); });
  add("as filled, bp a day", [](const Json& run) {
    return with_range(run, "px_mean_bp_day", "px_mean_lo", "px_mean_hi", 2);
  });
  add("Sharpe a year", of_year("sharpe", "sharpe_lo", "sharpe_hi"));
  add("Sharpe a year as filled", of_year("px_sharpe", "px_sharpe_lo", "px_sharpe_hi"));
  for (const auto& [label, key] :
       {std::pair{"return", "return"}, std::pair{"max drawdown", "max_drawdown"},
        std::pair{"time in a position", "exposure"}, std::pair{"positions that gained", "hit_rate"},
        std::pair{"filled as a maker", "maker_share"}}) {
    add(label, [name = key](const Json& run) { return percent(real(run, name), 2); });
  }
  add("a position, bp",
      [](const Json& run) { return with_range(run, "pos_bp", "pos_lo", "pos_hi", 2); });
  add("break-even fee, bp a side", [](const Json& run) {
    const auto fee = real(run, "break_even_fee_bp");
    return fee && *fee < 0.0 ? std::string{"none: it would have lost without a fee"}
                             : with_range(run, "break_even_fee_bp", "bef_lo", "bef_hi", 2);
  });
  for (const auto& [label, key] : {std::pair{"positions", "positions"}, std::pair{"fills", "fills"},
                                   std::pair{"orders", "orders"}}) {
    add(label, [name = key](const Json& run) { return count(integer(run, name)); });
  }
  add("note", [](const Json& run) { return note_words(text(run, "note")); });
  part["tables"].push_back(std::move(all));
  return part;
}

}  // namespace

std::string compare_verdict(const Json& study) {
  const Json& runs = study.at("runs");
  if (runs.size() == 2) return of_two(study);
  std::int64_t more = 0;
  std::int64_t less = 0;
  for (const Json& run : runs) {
    const Json& against = run.at("against_first");
    if (!against.is_object()) continue;
    const Side side = side_of(against);
    if (side == Side::More) ++more;
    if (side == Side::Less) ++less;
  }
  return fmt::format(
      "Of {} runs {} earned more than {} and {} less by more than chance, each looked at alone",
      count(static_cast<std::int64_t>(runs.size()) - 1), count(more), names_of(study).at(0),
      count(less));
}

Json compare_page(const std::filesystem::path& folder, const Json& study) {
  const std::vector<std::string> names = names_of(study);
  const bool is_synthetic = is_synthetic_study(folder, study);
  Json identity = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Json& run = study.at("runs").at(i);
    identity.push_back(
        {{"label", names[i]},
         {"value", fmt::format("{}, run {}", text(run, "run"), text(run, "fingerprint"))}});
  }
  for (const auto& [label, key] :
       {std::pair{"unit of returns", "unit"}, std::pair{"seed of intervals", "seed"},
        std::pair{"resamples", "resamples"}}) {
    const Json value = study.value(key, Json(nullptr));
    identity.push_back(
        {{"label", label}, {"value", value.is_string() ? value.get<std::string>() : value.dump()}});
  }
  const std::string title = fmt::format("compare \u00b7 {}", folder.filename().string());
  return {{"kind", "study"},
          {"title", title},
          {"caption", fmt::format("{} \u00b7 {} runs", title, names.size())},
          {"headline", head(study, is_synthetic)},
          {"badges", is_synthetic ? Json::array({synthetic_badge()}) : Json::array()},
          {"tiles", Json::array()},
          {"chart_data", equity_chart(LoadedTable{folder / "compare_equity.parquet"}, names)},
          {"parts", Json::array({difference_part(study, names), result_part(study, names),
                                 decision_part(study, names)})},
          {"identity", identity}};
}

}  // namespace toxvol::report
