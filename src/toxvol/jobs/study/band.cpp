#include "toxvol/jobs/study/band.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/study/band.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/study_folder.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::jobs {

namespace {

using Json = nlohmann::ordered_json;
using study::Assumption;
using Texts = std::vector<std::string>;

const Texts kUsualQueues = {"risk_averse", "proportional", "optimistic"};
const Texts kUsualLatencies = {"5ms", "20ms", "100ms"};
const Texts kUsualTiers = {"VIP0", "VIP3", "VIP6"};

/// The values of `option` as their key spells them, none twice; the usual ones where none is given.
Texts spelled(const Texts& values, const Texts& usual, const char* option, const char* key_name) {
  const config::Key& key = config::key_of(key_name);
  Texts texts;
  for (const std::string& value : values.empty() ? usual : values) {
    config::Config config;
    if (const auto wanted = key.set(config, config::Value{value})) {
      throw UsageError{fmt::format("{} {}: expected {}", option, value, *wanted)};
    }
    const std::string text = std::get<std::string>(key.get(config));
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
  }
  return texts;
}

/// Throws where a tier that was asked for has no fees; leaves out a usual one.
void keep_known(Texts& tiers, bool asked, const study::Window& window, Progress& progress) {
  Texts unknown;
  for (const std::string& tier : tiers) {
    try {
      static_cast<void>(trading::fee_at(window.instrument, {.tier = tier}, window.from));
    } catch (const Error& error) {
      if (asked) throw Error{fmt::format("--tiers {}: {}", tier, error.what()), error.code()};
      unknown.push_back(tier);
    }
  }
  if (unknown.empty()) return;
  progress.tell(fmt::format("without {}: the fee table of {} does not have it in this window",
                            fmt::join(unknown, ", "), window.instrument.symbol));
  std::erase_if(tiers, [&](const std::string& tier) {
    return std::find(unknown.begin(), unknown.end(), tier) != unknown.end();
  });
}

/// A line for each assumption, in columns.
Texts table_lines(const Json& cells) {
  constexpr const char* kLine = "{:<13} {:>13} {:>5} {:>14} {:>12} {:>12} {:>7} {}";
  Texts lines{
      fmt::format(kLine, "queue", "order latency", "tier", "net", "fees", "slippage", "fills", "")};
  for (const Json& cell : cells) {
    const auto text = [&cell](const char* key) { return cell[key].get<std::string>(); };
    const auto money = [&cell](const char* key) {
      return cell[key].is_null() ? "-"
                                 : fmt::format("{:.2f}", std::stod(cell[key].get<std::string>()));
    };
    std::string note = cell["base"].get<bool>() ? "the configuration's own" : "";
    if (!cell["same_as"].is_null()) {
      note += fmt::format("{}same fills as {}", note.empty() ? "" : "; ", text("same_as"));
    }
    if (text("status") == "failed") note = fmt::format("failed: {}", text("note"));
    lines.push_back(fmt::format(kLine, text("queue"), text("order_latency"), text("tier"),
                                money("net"), money("fees"), money("slippage"),
                                cell["fills"].is_null() ? "-" : cell["fills"].dump(), note));
  }
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines;
}

/// The result with what a band says besides.
StudyResult with_cells(StudyResult result) {
  const std::filesystem::path path = result.folder / "study.json";
  const Json json = Json::parse(io::read_file(path), nullptr, false);
  if (json.value("kind", "") != "band") {
    throw Error{
        fmt::format("{}: not the study.json of a band; choose another --out", path.string()),
        ErrorCode::Exists};
  }
  Json more;
  for (const char* key : {"net", "earning", "assumptions", "sign_depends", "cells"}) {
    more[key] = json.at(key);
  }
  result.lines = table_lines(json["cells"]);
  if (result.failed > 0) result.lines.push_back(fmt::format("{} failed", result.failed));
  result.more = more.dump();
  return result;
}

}  // namespace

StudyResult run_band(const StudyRequest& request, Progress& progress) {
  const BandLists& lists = request.lists;
  study::BandAxes axes{.queues = spelled(lists.queues, kUsualQueues, "--queues", "exchange.queue"),
                       .latencies = spelled(lists.latencies, kUsualLatencies, "--latencies",
                                            "exchange.order_latency"),
                       .tiers = spelled(lists.tiers, kUsualTiers, "--tiers", "costs.tier")};
  const config::Config config = resolve(request.config);
  StudyRunner runner{request, config, progress};
  const Inputs inputs = runner.spec_of(config).inputs;
  if (!inputs.quotes && lists.queues.size() > 1) {
    throw UsageError{fmt::format(
        "--queues {}: without quotes no queue is seen, and the models fill alike (docs/band.md); "
        "leave the option out",
        fmt::join(lists.queues, ","))};
  }
  keep_known(axes.tiers, !lists.tiers.empty(), runner.window(), progress);

  const Assumption base = study::assumption_of(config);
  const std::vector<Assumption> assumed = study::assumptions(axes, base);
  const auto tasks_of = [&](const study::DesignPoints& design) {
    const std::vector<study::Point>& points = design.points;
    for (const study::Point& point : points) {
      if (point.status != study::PointStatus::Ok) throw Error{point.message, ErrorCode::Config};
    }
    const auto twins = study::twins_of(points, inputs);
    std::vector<StudyTask> tasks;
    for (std::size_t i = 0; i < twins.size(); ++i) {
      if (twins[i]) continue;
      tasks.push_back(
          {.number = i, .spec = runner.spec_of(points[i].config), .kind = study::TrialKind::Band});
      for (std::size_t j = i + 1; j < twins.size(); ++j) {
        if (twins[j] == i) tasks.back().spec.twins.push_back(points[j].config);
      }
    }
    return tasks;
  };
  const auto conclude = [&](BegunStudy& begun) {
    study::PointResults results = runner.run(begun.folder, tasks_of(begun.points), progress);
    study::complete(results, study::twins_of(begun.points.points, inputs));
    const std::vector<study::BandRow> rows =
        study::band_rows(assumed, base, begun.points,
                         runner.result_rows(begun.points.points, &study::Point::index, results));
    const std::filesystem::path& path = begun.folder.path();
    study::write_table(path / "band.parquet", std::span{rows});
    study::write_table(path / "band_equity.parquet",
                       std::span<const study::BandEquityRow>{study::band_equity(rows)});
    return study::band_json(begun.folder.id(), begun.design_json, rows, runner.resampling());
  };
  StudyResult result = run_study(runner, request, study::band_design(assumed),
                                 {.base = config, .seed = request.seed},
                                 {.tasks = tasks_of, .conclude = conclude}, progress);
  return request.part ? result : with_cells(std::move(result));
}

}  // namespace toxvol::jobs
