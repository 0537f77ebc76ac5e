#include "toxvol/report/beside.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/band_shades.hpp"
#include "toxvol/report/chart_json.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/report/window.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;

/// The finished studies beside the run, by name.
std::vector<fs::path> studies_beside(const RunFolder& folder) {
  std::vector<fs::path> found;
  std::error_code failure;
  const fs::path parent = fs::absolute(folder.path / "").parent_path().parent_path();
  for (const auto& entry : fs::directory_iterator{parent, failure}) {
    if (is_study(entry.path())) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Whether the band's own configuration made this very run; not so of one that cannot be read.
bool is_band_of(const fs::path& study, const std::string& fingerprint) try {
  const fs::path file = study / "band.parquet";
  if (!fs::exists(file)) return false;
  const LoadedTable rows{file};
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.integer("base", row).value_or(0) == 0) continue;
    return !fingerprint.empty() && rows.text("fingerprint", row) == fingerprint;
  }
  return false;
} catch (const Error&) {
  return false;
}

std::optional<fs::path> band_beside(const RunFolder& folder) {
  for (const fs::path& study : studies_beside(folder)) {
    if (is_band_of(study, folder.run.fingerprint)) return study;
  }
  return std::nullopt;
}

/// A column at each of `times`, on the straight line between whole hours; empty outside of them.
std::vector<std::optional<double>> between_hours(const LoadedTable& band, std::string_view column,
                                                 Timestamp from, const std::vector<double>& times) {
  std::vector<std::optional<double>> values;
  values.reserve(times.size());
  const auto hour = [&](std::size_t row) {
    const Timestamp ts = from_ns(band.integer("ts", row).value_or(0));
    return std::chrono::duration<double>(ts - from).count();
  };
  std::size_t next = 1;
  for (const double time : times) {
    while (next + 1 < band.rows() && hour(next) < time) ++next;
    const double share = (time - hour(next - 1)) / (hour(next) - hour(next - 1));
    std::optional<double> value;
    if (share >= 0.0 && share <= 1.0) {
      const auto before = band.real(column, share < 1.0 ? next - 1 : next);
      const auto after = band.real(column, share > 0.0 ? next : next - 1);
      if (before && after) value = std::lerp(*before, *after, share);
    }
    values.push_back(value);
  }
  return values;
}

}  // namespace

bool add_shades(const RunFolder& folder, const std::vector<double>& times, Json& equity) {
  const std::optional<fs::path> study = band_beside(folder);
  if (!study) return false;
  const auto note = equity["note"].get<std::string>();
  try {
    const LoadedTable band{*study / "band_equity.parquet"};
    if (band.rows() < 2) return false;
    const Timestamp from = window_of(folder).from;
    Json series = Json::array();
    for (const auto& [name, label, tone, style] : kBandShades) {
      constexpr int kCents = 2;
      series.push_back(series_json(label, tone, style,
                                   packed_column(between_hours(band, name, from, times), kCents)));
    }
    for (Json& one : series) equity["series"].push_back(std::move(one));
  } catch (const Error&) {
    equity["note"] =
        fmt::format("{} The band in the folder {} beside this run is damaged, so it is not drawn.",
                    note, study->filename().string());
    return false;
  }
  equity["note"] = fmt::format(
      "{} Shaded: what the band beside this run makes of it, known at whole hours and drawn straight between them; {}",
      note, kShadesMean);
  return true;
}

Json evaluation_table(const RunFolder& folder) {
  for (const fs::path& path : studies_beside(folder)) {
    if (!fs::exists(path / "decay.parquet")) continue;
    const Json study = Json::parse(io::read_file(path / "study.json"), nullptr, false);
    if (!study.is_object() || study.value("kind", Json()) != "evaluate" ||
        study.value("fingerprint", Json()) != folder.run.fingerprint) {
      continue;
    }
    Json all = table("Evaluation",
                     fmt::format("What toxvol evaluate found in this run, in the folder {} beside "
                                 "it; toxvol report makes a page of that.",
                                 path.filename().string()),
                     {{"about", false}, {"what was found", false}});
    const Json verdicts = study.value("verdicts", Json::object());
    for (const auto& [about, words] : verdicts.items()) {
      if (words.is_string()) all["rows"].push_back({about, words});
    }
    return all;
  }
  return nullptr;
}

}  // namespace toxvol::report
