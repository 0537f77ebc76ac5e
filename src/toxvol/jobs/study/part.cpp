#include "toxvol/jobs/study/part.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study/ablation.hpp"
#include "toxvol/jobs/study/band.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/jobs/study/sweep.hpp"
#include "toxvol/jobs/study/walkforward.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// What two processes have to agree about; another one is refused by the version before.
struct NamedStudy {
  const char* verb;
  StudyResult (*run)(const StudyRequest&, Progress&);
};
constexpr NamedStudy kStudies[] = {{"ablation", run_ablation},
                                   {"band", run_band},
                                   {"sweep", run_sweep},
                                   {"walkforward", run_walkforward}};

/// Of a file that the request names; a preset's name, which `--config` may be, has none.
std::string text_of(const std::string& file) {
  return file.empty() || !fs::is_regular_file(file) ? std::string{} : io::read_file(file);
}

std::string absolute(const std::string& path) {
  return path.empty() ? path : fs::absolute(path).lexically_normal().string();
}

Json signal_json(const std::vector<SignalRow>& rows) {
  Json json = Json::array();
  for (const SignalRow& row : rows) {
    json.push_back({to_ns(row.ts_init), row.direction, row.size});
  }
  return json;
}

SignalInput signal_of(const Json& json) {
  SignalInput input{.name = "signal", .rows = {}, .other_columns = {}, .ask = {}};
  for (const Json& row : json) {
    input.rows.push_back({.ts_init = from_ns(row.at(0).get<std::int64_t>()),
                          .direction = row.at(1).get<int>(),
                          .size = row.at(2).get<double>()});
  }
  return input;
}

StudyRequest request_of(const Json& json) {
  StudyRequest request;
  request.verb = json.at("verb");
  request.market.catalog = json.at("catalog");
  request.market.from = json.at("from");
  request.market.to = json.at("to");
  request.config.preset = json.at("preset");
  request.config.file = json.at("config");
  request.config.text = json.at("config_text");
  request.config.sets = json.at("sets");
  request.config.symbol = json.at("symbol");
  request.design = json.at("design");
  request.design_text = json.at("design_text");
  request.groups = json.at("groups");
  request.presets = json.at("presets");
  request.lists.queues = json.at("queues");
  request.lists.latencies = json.at("latencies");
  request.lists.tiers = json.at("tiers");
  request.seed = json.at("seed");
  request.resamples = json.at("resamples");
  request.unit = json.at("unit");
  if (json.contains("signal")) request.signal = signal_of(json["signal"]);
  return request;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string told(const StudyRequest& request, const std::vector<SignalRow>* signal) {
  const bool is_text = !request.config.text.empty();
  Json json{{"verb", request.verb},
            {"catalog", absolute(request.market.catalog)},
            {"from", request.market.from},
            {"to", request.market.to},
            {"preset", request.config.preset},
            {"config", request.config.file},
            {"config_text", is_text ? request.config.text : text_of(request.config.file)},
            {"sets", request.config.sets},
            {"symbol", request.config.symbol},
            {"design", absolute(request.design)},
            {"design_text", text_of(request.design)},
            {"groups", request.groups},
            {"presets", request.presets},
            {"queues", request.lists.queues},
            {"latencies", request.lists.latencies},
            {"tiers", request.lists.tiers},
            {"seed", request.seed},
            {"resamples", request.resamples},
            {"unit", request.unit}};
  if (signal != nullptr) json["signal"] = signal_json(*signal);
  return json.dump();
}

PartResult run_part(const std::string& told, StudyPart part, Progress& progress) {
  StudyRequest request = request_of(Json::parse(told));
  request.part = std::move(part);
  for (const NamedStudy& study : kStudies) {
    if (request.verb == study.verb) return study.run(request, progress).part;
  }
  throw Error{fmt::format("{}: no study is called so; please report this", request.verb)};
}

void check_same_study(const StudyPart& part, const std::string& own_circumstances,
                      const std::string& own_id) {
  if (part.study_id == own_id && part.circumstances == own_circumstances) return;
  const std::vector<std::string> wanted = lines_of(part.circumstances);
  const std::vector<std::string> own = lines_of(own_circumstances);
  const auto line = [](const std::vector<std::string>& lines, std::size_t i) {
    return i < lines.size() ? lines[i] : std::string{"nothing"};
  };
  for (std::size_t i = 0; i < std::max(wanted.size(), own.size()); ++i) {
    if (line(wanted, i) == line(own, i)) continue;
    throw Error{fmt::format(
        "sees other data than the study: \"{}\" where the study has \"{}\"; give all machines the "
        "same catalog under the same path",
        line(own, i), line(wanted, i))};
  }
  throw Error{
      "makes another study of the same request: a file that the design names as a base differs; "
      "give all machines the same files under the same paths"};
}

}  // namespace toxvol::jobs
