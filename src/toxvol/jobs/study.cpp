#include "toxvol/jobs/study.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study_runner.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::jobs {

StudyResult run_study(const StudyRunner& runner, const StudyRequest& request,
                      const study::Design& design, study::PointOptions options,
                      const StudyWork& work) {
  options.inputs = runner.inputs();
  study::DesignPoints points = study::points_of(design, options);
  if (design.kind == study::DesignKind::List) leave_out_idle(points, request.has_signal());
  const std::string text = study::design_json(design, options, points);
  study::StudyFolder folder{request.out, text, runner.circumstances(), request.force};
  if (!folder.is_finished()) {
    runner.keep_origin(folder);
    BegunStudy begun{.folder = folder, .design_json = text, .points = points};
    folder.finish(work(begun));
  }
  return read_study(request.out);
}

std::string to_json(const StudyResult& result) {
  nlohmann::ordered_json json{{"study", result.folder.string()},
                              {"verdict", result.verdict},
                              {"ok", result.ok},
                              {"failed", result.failed},
                              {"left_out", result.left_out}};
  if (!result.more.empty()) json.update(nlohmann::ordered_json::parse(result.more));
  return json.dump(1);
}

StudyResult read_study(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "study.json";
  const auto json = nlohmann::json::parse(io::read_file(path), nullptr, false);
  if (!json.is_object() || !json.contains("points") || !json.contains("verdict")) {
    throw Error{fmt::format("{}: no study.json of a finished study", path.string()),
                ErrorCode::Corrupt};
  }
  const auto count = [&json](const char* status) {
    return json["points"].value(status, std::int64_t{0});
  };
  StudyResult result{.folder = folder,
                     .verdict = json["verdict"].get<std::string>(),
                     .ok = count("ok"),
                     .failed = count("failed"),
                     .left_out = count("invalid") + count("not_applicable"),
                     .lines = {},
                     .more = {}};
  result.lines.push_back(
      fmt::format("{} runs, {} left out, {} failed", result.ok, result.left_out, result.failed));
  for (const auto& line : json.value("lines", std::vector<std::string>{})) {
    result.lines.push_back(line);
  }
  return result;
}

}  // namespace toxvol::jobs
