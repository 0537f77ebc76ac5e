#include "toxvol/jobs/study/study.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/engine/validate.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/part.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::jobs {

namespace {

/// The points of the part, which share one reading of the market.
PartResult run_points_of(StudyRunner& runner, const StudyPart& part,
                         const std::vector<StudyTask>& tasks, Progress& progress) {
  std::vector<StudyTask> wanted;
  for (const std::size_t point : part.points) {
    const auto task = std::find_if(tasks.begin(), tasks.end(),
                                   [&](const auto& other) { return other.number == point; });
    if (task == tasks.end()) {
      throw Error{fmt::format("point {}: the study has no such run; please report this", point)};
    }
    wanted.push_back(*task);
  }
  PartResult result;
  try {
    if (!wanted.empty()) result.points = runner.run_batch(wanted, part.study_id, progress);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    result.failure = error.what();
  }
  return result;
}

/// A variant that the contract cannot have, such as a fee tier that nobody wrote down for it, is
/// not applicable. Gives a line that names them, or nothing. Throws `Error` where the base cannot
/// run.
std::string leave_out_impossible(study::DesignPoints& points, const StudyRunner& runner) {
  const auto check = [&runner, &window = runner.window()](const config::Config& config) {
    engine::validate(config::engine_params(config, runner.inputs(), window.from, window.to),
                     window.instrument);
  };
  check(points.base);
  std::string names;
  std::string why;
  for (study::Point& point : points.points) {
    if (point.status != study::PointStatus::Ok) continue;
    try {
      check(point.config);
    } catch (const Error& error) {
      if (point.is_base) throw;
      point.status = study::PointStatus::NotApplicable;
      point.message = error.what();
      names += (names.empty() ? "" : ", ") + point.name;
      if (!point.base.empty()) names += fmt::format(" ({})", point.base);
      if (why.empty()) why = point.message;
    }
  }
  return names.empty() ? "" : fmt::format("without {}: {}", names, why);
}

}  // namespace

StudyResult run_study(StudyRunner& runner, const StudyRequest& request, const study::Design& design,
                      study::PointOptions options, const StudyWork& work, Progress& progress) {
  options.inputs = runner.inputs();
  study::DesignPoints points = study::points_of(design, options);
  if (design.kind == study::DesignKind::List) {
    leave_out_idle(points, request.has_signal());
    const std::string left_out = leave_out_impossible(points, runner);
    if (!left_out.empty() && !request.part) progress.tell(left_out);
  }
  const std::string text = study::design_json(design, options, points);
  if (request.part) {
    const std::string circumstances = runner.circumstances();
    check_same_study(*request.part, circumstances, study::study_id(text, circumstances));
    StudyResult result;
    result.part = run_points_of(runner, *request.part, work.tasks(points), progress);
    return result;
  }
  study::StudyFolder folder{request.out, text, runner.circumstances(), request.force};
  if (!folder.is_finished()) {
    runner.keep_origin(folder);
    BegunStudy begun{.folder = folder, .design_json = text, .points = points};
    folder.finish(work.conclude(begun));
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
