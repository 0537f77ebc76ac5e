#include "toxvol/report/index_page.hpp"

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
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/headline.hpp"
#include "toxvol/report/page_text.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/sampler.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSparkPoints = 60;
constexpr double kDaySeconds = 86'400.0;

/// A link from the page in `root`; null where the folder has no page.
Json link_to(const fs::path& root, const fs::path& folder) {
  const fs::path page = folder / "report.html";
  if (!fs::exists(page)) return nullptr;
  std::string link;
  for (const char c : fs::relative(page, root).generic_string()) {
    // What has a meaning in an address.
    if (std::string_view{"%#?\"<>& "}.find(c) != std::string_view::npos) {
      link += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      link += c;
    }
  }
  return link.find(':') == std::string::npos ? Json(link) : Json("./" + link);
}

Json spark(const RunFolder& folder) {
  const Window window = window_of(folder);
  Sampler sampler{{.from = 0.0,
                   .to = window.seconds,
                   .rows = row_count(folder, "equity"),
                   .series = 1,
                   .max_points = kSparkPoints}};
  run::for_each_record<trading::EquityRecord>(folder.path, [&](const trading::EquityRecord& row) {
    const std::optional<double> equity[] = {row.equity.to_double()};
    sampler.add(std::chrono::duration<double>(row.ts - window.from).count(), equity);
  });
  const Sampled sampled = sampler.finish();
  Json list = Json::array();
  for (const auto& value : sampled.values[0]) {
    if (value) list.push_back(*value);
  }
  return list;
}

void add_run(Json& list, const fs::path& root, const fs::path& path,
             const TrialCount& count_again) {
  const std::string name = fs::relative(path, root).generic_string();
  try {
    const RunFolder folder = open_run(path, count_again);
    const run::Summary& s = folder.summary;
    const double days = window_of(folder).seconds / kDaySeconds;
    const Json tried = folder.trials.is_object() ? folder.trials.value("M", Json(nullptr)) : Json();
    const Json luck =
        folder.trials.is_object() ? folder.trials.value("dsr_null", Json(nullptr)) : Json();
    const Json as_of =
        folder.trials.is_object() ? folder.trials.value("as_of", Json("its end")) : Json();
    std::string what = folder.run.preset.value_or("file");
    if (run::is_script(folder)) what = "order script";
    if (run::is_own_signal(folder)) what = "own signal";
    if (folder.run.synthetic) what += ", synthetic";
    Json course = spark(folder);
    list["rows"].push_back(
        {name, "", signed_money(s.end_equity - s.start_equity), signed_percent(s.total_return, 2),
         percent(s.max_drawdown, 2), count(s.positions),
         days >= kLeastDaysOfYear ? number(s.sharpe_annual, 2) : std::string{kAbsent},
         luck.is_number() ? number(luck.get<double>(), 4) : std::string{kAbsent},
         tried.is_number() ? tried.dump() : std::string{kAbsent},
         tried.is_number() && as_of.is_string() ? as_of.get<std::string>() : std::string{kAbsent},
         folder.run.symbol, to_string(folder.run.from).substr(0, 10),
         to_string(folder.run.to).substr(0, 10), what});
    list["sparks"].push_back(std::move(course));
  } catch (const Error& fault) {
    Json row = {name, fault.what()};
    while (row.size() < list["columns"].size()) row.push_back(kAbsent);
    list["rows"].push_back(std::move(row));
    list["sparks"].push_back(nullptr);
  }
  list["links"].push_back(link_to(root, path));
}

void add_study(Json& list, const fs::path& root, const fs::path& path) {
  const Json study = Json::parse(io::read_file(path / "study.json"), nullptr, false);
  const std::string name = fs::relative(path, root).generic_string();
  if (study.is_object()) {
    const Json tried = study.value("M", Json(nullptr));
    const Json ok = study.value(Json::json_pointer{"/points/ok"}, Json(nullptr));
    std::string kind = study.value("kind", std::string{});
    if (is_synthetic_study(path, study)) kind += ", synthetic";
    list["rows"].push_back({name, kind, study_verdict(study),
                            ok.is_number() ? ok.dump() : std::string{kAbsent},
                            tried.is_number() ? tried.dump() : std::string{kAbsent}});
  } else {
    list["rows"].push_back({name, kAbsent, "study.json is damaged", kAbsent, kAbsent});
  }
  list["sparks"].push_back(nullptr);
  list["links"].push_back(link_to(root, path));
}

Json list_of(std::string_view title, std::string_view note, const std::vector<Column>& columns) {
  Json list = table(title, note, columns);
  list["links"] = Json::array();
  list["sparks"] = Json::array();
  return list;
}

}  // namespace

std::string index_data(const fs::path& root, const TrialCount& count_again) {
  if (!fs::is_directory(root)) {
    throw Error(fmt::format("{}: no such folder", root.string()), ErrorCode::NotFound);
  }
  std::vector<fs::path> runs;
  std::vector<fs::path> studies;
  for (const auto& entry :
       fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().filename() == "run.json") runs.push_back(entry.path().parent_path());
    if (entry.path().filename() == "study.json") studies.push_back(entry.path().parent_path());
  }
  std::sort(runs.begin(), runs.end());
  std::sort(studies.begin(), studies.end());
  Json all_runs = list_of(
      "Runs",
      "Net is the change of equity. A Sharpe ratio of a year is told from 30 days on; dsr_null is "
      "the probability that it beats the best of so many tries without skill. Tries are counted again "
      "in the trial log, as of its newest trial; where the log is not at hand they are those that "
      "were counted at the end of the run.",
      {{"run", false},
       {"equity", false},
       {"net, USDT", true, Gain::Good},
       {"return", true, Gain::Good},
       {"max drawdown"},
       {"positions"},
       {"Sharpe, a year"},
       {"dsr_null"},
       {"tries"},
       {"tries as of", false},
       {"symbol", false},
       {"from", false},
       {"to", false},
       {"what", false}});
  for (const fs::path& run : runs) add_run(all_runs, root, run, count_again);
  Json all_studies =
      list_of("Studies", "The verdict of each, with how many tries it counts.",
              {{"study", false}, {"kind", false}, {"verdict", false}, {"runs"}, {"tries"}});
  for (const fs::path& study : studies) add_study(all_studies, root, study);
  const auto runs_found = count(static_cast<std::int64_t>(runs.size()));
  const auto studies_found = count(static_cast<std::int64_t>(studies.size()));
  Json data = {
      {"kind", "index"},
      {"title", "Runs and studies"},
      {"caption", "The best of many runs looks good by luck alone: read the count of tries."},
      {"headline",
       {{"tone", "none"},
        {"text", fmt::format("{} run{} and {} stud{}.", runs_found, runs.size() == 1 ? "" : "s",
                             studies_found, studies.size() == 1 ? "y" : "ies")},
        {"notes", {"A click on a heading sorts, a click on a name opens its report."}}}},
      {"badges", Json::array()},
      {"tiles", Json::array()},
      {"tables", Json::array({std::move(all_runs), std::move(all_studies)})}};
  return page_text(std::move(data));
}

}  // namespace toxvol::report
