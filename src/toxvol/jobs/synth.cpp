#include "toxvol/jobs/synth.hpp"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::jobs {

namespace {

Day parse_day(const std::string& text) {
  const Timestamp time = parse_time(text, "--from");
  const Day day = day_of(time);
  if (Timestamp{day} != time) {
    throw UsageError{fmt::format("--from {}: a day is wanted, such as {}", text, to_string(day))};
  }
  return day;
}

}  // namespace

std::string to_json(const synth::Params& params, const synth::Summary& summary) {
  nlohmann::ordered_json json{{"out", params.out.string()},
                              {"files", summary.files},
                              {"quotes", summary.quotes},
                              {"trades", summary.trades},
                              {"faults", nlohmann::ordered_json::array()}};
  for (const synth::Injected& injected : summary.injected) {
    json["faults"].push_back({{"code", std::string{synth::name(injected.fault)}},
                              {"file", injected.file},
                              {"rows", injected.rows}});
  }
  return json.dump();
}

synth::Summary run_synth(SynthRequest& request, Progress& progress) {
  synth::Params& params = request.params;
  params.out = request.out;
  params.from = parse_day(request.from);
  params.plant = synth::plant_of(request.plant);
  if (params.plant == synth::Plant::None && request.has_edge) {
    throw UsageError{"--edge-bp: there is no edge without --plant momentum or crowding"};
  }
  for (const std::string& code : request.faults) params.faults.push_back(synth::fault_of(code));
  return synth::generate(params, progress);
}

}  // namespace toxvol::jobs
