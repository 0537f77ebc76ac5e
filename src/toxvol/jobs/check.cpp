#include "toxvol/jobs/check.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/what_can_run.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::jobs {

namespace {

using Json = nlohmann::ordered_json;

nlohmann::ordered_json runs_of(const catalog::CheckReport& report) {
  auto runs = nlohmann::ordered_json::array();
  for (const auto& [symbol, coverage] : report.coverage) {
    for (const RunChoice& choice : run_choices(coverage)) {
      nlohmann::ordered_json run{{"symbol", symbol},
                                 {"data", choice.data},
                                 {"from", to_string(choice.window.first)},
                                 {"to", to_string(day_of(choice.window.to()))},
                                 {"days", choice.window.days()},
                                 {"presets", choice.presets},
                                 {"command", nullptr}};
      if (!choice.presets.empty()) {
        run["command"] = command_of(choice, symbol, report);
      }
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

}  // namespace

std::string command_of(const RunChoice& choice, const std::string& symbol,
                       const catalog::CheckReport& report) {
  return command_for(choice, symbol, report.catalog ? "--catalog" : "--raw", report.path.string());
}

std::string to_json(const catalog::CheckReport& report) {
  Json json{{"catalog", report.catalog}, {"deep", report.deep},
            {"kinds", Json::array()},    {"estimated_bytes", report.estimated_bytes},
            {"findings", Json::array()}, {"errors", report.errors}};
  for (const auto& kind : report.kinds) {
    Json item{
        {"symbol", kind.symbol},        {"kind", name(kind.kind)}, {"files", kind.files},
        {"bytes", kind.bytes},          {"days", kind.days},       {"first", to_string(kind.first)},
        {"last", to_string(kind.last)}, {"holes", Json::array()}};
    for (const auto& hole : kind.holes) {
      item["holes"].push_back({{"from", to_string(hole.first)}, {"to", to_string(hole.last)}});
    }
    if (report.deep) {
      item["rows"] = {{"rows_read", kind.rows.read},
                      {"kept", kind.rows.kept},
                      {"dropped", kind.rows.dropped},
                      {"repaired", kind.rows.repaired},
                      {"quarantined", kind.rows.quarantined}};
    }
    json["kinds"].push_back(std::move(item));
  }
  for (const auto& item : report.findings) {
    const quality::CodeInfo& info = quality::info(item.finding.code);
    Json finding{{"file", item.file},
                 {"symbol", item.symbol},
                 {"kind", name(item.kind)},
                 {"code", info.name},
                 {"severity", quality::name(info.severity)},
                 {"action", quality::name(info.action)},
                 {"count", item.finding.count}};
    if (item.finding.line) finding["line"] = *item.finding.line;
    if (item.finding.day) finding["day"] = to_string(*item.finding.day);
    if (item.finding.ts) finding["ts"] = to_string(*item.finding.ts);
    if (item.finding.ts_end) finding["ts_end"] = to_string(*item.finding.ts_end);
    if (!item.finding.text.empty()) finding["text"] = item.finding.text;
    json["findings"].push_back(std::move(finding));
  }
  json["runs"] = runs_of(report);
  return json.dump(1);
}

catalog::CheckReport run_check(const CheckRequest& request, Progress& progress) {
  catalog::CheckOptions options;
  options.path = request.path;
  options.deep = request.deep;
  options.jobs = threads_of(request.jobs);
  options.known = [](std::string_view symbol) { return config::known_instrument(symbol); };
  options.spill_folder = std::filesystem::temp_directory_path();
  return catalog::check(options, progress);
}

}  // namespace toxvol::jobs
