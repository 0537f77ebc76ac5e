#include "toxvol/report/study_page.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/duration.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/headline.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/page_text.hpp"
#include "toxvol/report/planted.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_compare.hpp"
#include "toxvol/report/study_evaluate.hpp"
#include "toxvol/report/tile.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;

Json read_json(const fs::path& file) {
  Json json = Json::parse(io::read_file(file), nullptr, false);
  if (!json.is_object()) {
    throw Error(fmt::format("{}: damaged; run the study again", file.string()), ErrorCode::Corrupt);
  }
  return json;
}

std::optional<double> number_at(const Json& json, const char* pointer) {
  const Json found = json.value(Json::json_pointer{pointer}, Json(nullptr));
  return found.is_number() ? std::optional{found.get<double>()} : std::nullopt;
}

/// Where study.json keeps the figures of what it is about.
std::string subject(const std::string& kind) {
  if (kind == "walkforward") return "/stitched";
  if (kind == "sweep") return "/best";
  if (kind == "ablation") return "/base";
  return "";
}

/// Whose they are, in words: of several bases those of the first.
std::string whose(const std::string& kind, const LoadedTable& table) {
  if (kind == "walkforward") return "out of sample";
  if (kind == "sweep") return "of the best";
  const std::vector<std::string> bases = bases_of(table);
  return bases.size() < 2 ? "of the base" : "of base " + bases.front();
}

/// Which point it is: the greatest net need not have the greatest ratio.
std::string best_words(const Json& study) {
  std::string words = "by Sharpe ratio";
  const Json axes = study.value(Json::json_pointer{"/best/axes"}, Json::object());
  for (const auto& [name, value] : axes.items()) {
    words += fmt::format("{} {} = {}", words.ends_with("ratio") ? ":" : ",", name,
                         value.is_string() ? value.get<std::string>() : value.dump());
  }
  return words;
}

/// `of 64 tries`: beside every ratio (R26).
std::string tries(const Json& study) {
  const auto m = number_at(study, "/M");
  return m ? fmt::format("of {} {}", number(m, 0), *m == 1.0 ? "try" : "tries")
           : std::string{"tries not counted"};
}

/// The table that has a row for each run, and the days that the figures of study.json are of.
struct Judged {
  LoadedTable table;
  std::optional<double> days;
};

Judged judged(const fs::path& folder, const std::string& kind) {
  const auto file = [&] {
    if (kind == "ablation") return "ablation.parquet";
    if (kind == "sweep") return "sweep.parquet";
    if (kind == "walkforward") return "folds.parquet";
    if (kind == "band") return "band.parquet";
    throw Error(fmt::format("{}: a study of kind '{}' has no page; read its study.json and tables",
                            folder.string(), kind));
  }();
  Judged made{.table = LoadedTable{folder / file}, .days = {}};
  const bool is_stitched = kind == "walkforward";
  for (std::size_t row = 0; row < made.table.rows(); ++row) {
    const auto days = days_of(made.table, is_stitched ? "oos_" : "", row);
    if (!days) continue;
    made.days =
        is_stitched ? made.days.value_or(0.0) + *days : std::max(made.days.value_or(0.0), *days);
  }
  return made;
}

/// Of the mean that the tile tells: of the run that is judged.
std::string interval_words(const Json& study, const std::string& kind, const LoadedTable& table) {
  std::optional<double> lo = number_at(study, "/stitched/inference/net/mean_lo");
  std::optional<double> hi = number_at(study, "/stitched/inference/net/mean_hi");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool is_it = kind == "sweep"      ? table.integer("rank", row) == 1
                       : kind == "ablation" ? table.text("variant", row) == table.text("base", row)
                                            : false;
    if (!is_it) continue;
    lo = table.real("mean_lo", row);
    hi = table.real("mean_hi", row);
    break;
  }
  return fmt::format("95 %: {} to {}", number(lo, 2), number(hi, 2));
}

Json sharpe_tile(const Json& study, const std::string& at, std::optional<double> days) {
  const auto figure = [&](const char* key) {
    return number_at(study, (at + "/net/" + key).c_str());
  };
  constexpr std::string_view kLabel = "Sharpe, a year";
  if (!days || *days < kLeastDaysOfYear) {
    return tile(kLabel, std::string{kAbsent},
                fmt::format("not told: {} days are too few to speak of a year (at least {})",
                            number(days, 1), number(kLeastDaysOfYear, 0)));
  }
  return tile(kLabel, number(figure("sharpe"), 2),
              fmt::format("{}; 95 %: {} to {}", tries(study), number(figure("sharpe_lo"), 2),
                          number(figure("sharpe_hi"), 2)));
}

Json tiles(const Json& study, const std::string& kind, const Judged& made) {
  Json list = Json::array();
  const Json points = study.value("points", Json::object());
  const auto counted = [&points](const char* key) { return points.value(key, std::int64_t{0}); };
  list.push_back(tile(kind == "walkforward" ? "Training runs" : "Runs", count(counted("ok")),
                      fmt::format("{} refused by the configuration, {} failed",
                                  count(counted("invalid")), count(counted("failed")))));
  if (const auto m = number_at(study, "/M")) {
    list.push_back(
        tile("Trials", number(m, 0),
             fmt::format("about {} of them different", number(number_at(study, "/n_hat"), 1))));
  }
  const std::string at = subject(kind);
  if (!at.empty()) {
    const auto figure = [&](const char* key) {
      return number_at(study, (at + "/net/" + key).c_str());
    };
    list.push_back(tile(
        fmt::format("Net {}, bp a day", whose(kind, made.table)), number(figure("mean_bp_day"), 2),
        fmt::format("{}; {}as filled, before costs: {}", interval_words(study, kind, made.table),
                    kind == "sweep" ? best_words(study) + "; " : "",
                    number(number_at(study, (at + "/px/mean_bp_day").c_str()), 2))));
    list.push_back(sharpe_tile(study, at, made.days));
    list.push_back(tile("More than luck (dsr_null)", number(figure("dsr_null"), 4),
                        fmt::format("{}; the probability that it beats the best of so many without "
                                    "skill",
                                    tries(study))));
    list.push_back(tile("Deflated Sharpe (dsr)", number(figure("dsr"), 4),
                        fmt::format("{}; against the tries as they differ", tries(study))));
    list.push_back(tile("Sharpe above zero (psr)", number(figure("psr"), 4),
                        fmt::format("{}; as if there had been only this one", tries(study))));
  }
  if (const auto p = number_at(study, "/spa/p_consistent")) {
    list.push_back(
        tile("SPA p", number(p, 4), "how often luck alone would make the best look this good"));
  }
  if (const auto pbo = number_at(study, "/pbo/pbo")) {
    list.push_back(tile("PBO", number(pbo, 3),
                        "how often the best of one half is below the middle of the other half"));
  }
  return list;
}

std::string as_sentence(std::string words) {
  if (words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  if (!words.ends_with('.')) words += '.';
  return words;
}

Json headline(const fs::path& folder, const Json& study, const std::string& kind,
              const LoadedTable& table, const std::optional<std::string>& synthetic_label) {
  std::string verdict = study.value("verdict", study.value("words", std::string{}));
  if (verdict.empty()) verdict = "no verdict";
  verdict = as_sentence(std::move(verdict));
  Json notes = Json::array();
  if (kind == "ablation") {
    const std::vector<std::string> bases = bases_of(table);
    if (bases.size() > 1) {  // a sentence each is too long for a headline
      notes.push_back(std::move(verdict));
      verdict = fmt::format("The same changes on {} bases, each against its own: {}.", bases.size(),
                            fmt::join(bases, ", "));
    }
    for (const std::string& base : bases) notes.push_back(ablation_words(table, base));
  }
  if (const auto m = number_at(study, "/M")) {
    notes.push_back(
        fmt::format("{} configuration{} {} judged together; every ratio below counts them.",
                    number(m, 0), *m == 1.0 ? "" : "s", *m == 1.0 ? "was" : "were"));
  }
  const fs::path trials = folder / "trials.json";
  if (fs::exists(trials)) {
    const auto words = read_json(trials).value("words", std::string{});
    if (!words.empty()) notes.push_back(fmt::format("In the trial log: {}.", words));
  }
  if (study.contains("lines")) {
    for (const Json& line : study.at("lines")) notes.push_back(line);
  }
  if (kind == "walkforward") {
    notes.push_back(
        "walkforward: in each test window what was chosen on the training window before it. "
        "trailing: the base, its thresholds from the rows before. sample: the base with thresholds "
        "from the very hours that are traded, which nobody could have had.");
  }
  if (kind == "band") {
    notes.push_back(
        "Each assumption about queue, latency and fees is a run of its own, all of them on the same "
        "market: a sign that does not depend on them may still be luck of these hours.");
  }
  if (synthetic_label) {
    notes.push_back(kSyntheticNote);
    if (auto planted = planted_note(*synthetic_label); !planted.empty()) {
      notes.push_back(std::move(planted));
    }
  }
  return {
      {"tone", study.value("edge", false) ? "gain" : "none"}, {"text", verdict}, {"notes", notes}};
}

Json parts(const Json& study, const std::string& kind, const LoadedTable& table) {
  if (kind == "ablation") return ablation_parts(study, table);
  if (kind == "sweep") return sweep_parts(study, table);
  if (kind == "walkforward") return walkforward_parts(study, table);
  return band_parts(study, table);
}

}  // namespace

std::optional<double> days_of(const LoadedTable& table, const std::string& prefix,
                              std::size_t row) {
  const auto units = table.real(prefix + "n", row);
  const auto unit = parse_duration(table.text(prefix + "unit", row));
  if (!units || !unit) return std::nullopt;
  return *units * std::chrono::duration<double, std::chrono::days::period>(*unit).count();
}

std::optional<double> sharpe_of(const LoadedTable& table, const std::string& prefix,
                                std::size_t row) {
  const auto days = days_of(table, prefix, row);
  return days && *days >= kLeastDaysOfYear ? table.real(prefix + "sharpe", row) : std::nullopt;
}

bool is_study(const fs::path& folder) {
  return fs::exists(folder / "study.json");
}

Json study_part(const char* id, const char* name, const char* title, const std::string& note) {
  return {{"id", id},
          {"name", name},
          {"title", title},
          {"note", note},
          {"figures", Json::array()},
          {"tables", Json::array()}};
}

std::string study_verdict(const Json& study) {
  const auto kind = study.value("kind", std::string{});
  if (kind == "evaluate") return evaluate_verdict(study);
  if (kind == "compare") return compare_verdict(study);
  return study.value("verdict", std::string{});
}

bool is_synthetic_study(const fs::path& folder, const Json& study) {
  if (fs::exists(folder / "SYNTHETIC.json") || study.value("synthetic", false)) return true;
  const Json runs = study.value("runs", Json::array());
  return std::any_of(runs.begin(), runs.end(), [](const Json& run) {
    return run.is_object() && run.value("synthetic", false);
  });
}

std::string study_data(const fs::path& folder) {
  const Json study = read_json(folder / "study.json");
  const auto kind = study.value("kind", std::string{});
  try {
    if (kind == "evaluate") return page_text(evaluate_page(study));
    if (kind == "compare") return page_text(compare_page(folder, study));
    const Judged made = judged(folder, kind);
    const fs::path label = folder / "SYNTHETIC.json";
    std::optional<std::string> synthetic_label;
    if (fs::exists(label)) synthetic_label = io::read_file(label);
    Json identity = {
        {{"label", "study"}, {"value", study.value("id", std::string{})}},
        {{"label", "kind"}, {"value", kind}},
        {{"label", "seed of intervals"}, {"value", study.value("seed", Json(nullptr)).dump()}},
        {{"label", "resamples"}, {"value", study.value("resamples", Json(nullptr)).dump()}}};
    Json data = {{"kind", "study"},
                 {"title", fmt::format("{} \u00b7 {}", kind, folder.filename().string())},
                 {"caption", fmt::format("{} \u00b7 study {}", kind,
                                         study.value("id", std::string{}).substr(0, 12))},
                 {"headline", headline(folder, study, kind, made.table, synthetic_label)},
                 {"badges", synthetic_label ? Json::array({synthetic_badge()}) : Json::array()},
                 {"tiles", tiles(study, kind, made)},
                 {"chart_data", nullptr},
                 {"parts", parts(study, kind, made.table)},
                 {"identity", identity}};
    const fs::path equity = folder / "band_equity.parquet";
    if (kind == "band" && fs::exists(equity)) data["chart_data"] = band_chart(LoadedTable{equity});
    return page_text(std::move(data));
  } catch (const Json::exception& fault) {
    throw Error(fmt::format("{}: study.json is damaged ({}); run the study again", folder.string(),
                            fault.what()),
                ErrorCode::Corrupt);
  }
}

}  // namespace toxvol::report
