#include "toxvol/jobs/ablation.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "toxvol/config/embedded.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/study.hpp"
#include "toxvol/jobs/study_runner.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/ablation_groups.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::jobs {

namespace {

constexpr const char* kBaseName = "base";
/// The base is no point of the list: its number comes before theirs.
constexpr std::size_t kBaseNumber = 0;
std::size_t number_of(std::size_t point) {
  return point + 1;
}

study::Design list_of(const StudyRequest& request) {
  study::Design design =
      request.design.empty()
          ? study::parse_design(held(config::embedded_design("ablation")), "ablation.toml")
          : design_of(request);
  if (design.kind != study::DesignKind::List) {
    throw UsageError{
        "ablation --design: a list of variants is wanted (design = \"list\"); for "
        "axes there is `toxvol sweep`"};
  }
  return design;
}

study::TrialKind kind_of(const std::string& group) {
  return group == study::kWorldGroup ? study::TrialKind::World : study::TrialKind::Ablation;
}

}  // namespace

StudyResult run_ablation(const StudyRequest& request, Progress& progress) {
  const study::Design design = list_of(request);
  study::PointOptions options{.seed = request.seed, .groups = request.groups};
  if (names_base(request.config) || !design.base) options.base = resolve(request.config);
  StudyRunner runner{request, study::points_of(design, options).base, progress};

  const auto tasks_of = [&](const study::DesignPoints& points) {
    std::vector<StudyTask> tasks{{.number = kBaseNumber,
                                  .spec = runner.spec_of(points.base),
                                  .kind = study::TrialKind::Ablation}};
    for (const study::Point& point : points.points) {
      if (point.status != study::PointStatus::Ok || point.same_as) continue;
      tasks.push_back({.number = number_of(point.index),
                       .spec = runner.spec_of(point.config),
                       .kind = kind_of(point.group)});
    }
    return tasks;
  };
  const auto conclude = [&](BegunStudy& begun) {
    const study::PointResults results = runner.run(begun.folder, tasks_of(begun.points), progress);

    std::vector<study::VariantRow> variants;
    const auto add = [&](const study::Point& point, std::size_t number) {
      variants.push_back(
          {.name = point.name,
           .group = point.group,
           .base = kBaseName,
           .set = study::set_text(point),
           .says = point.says,
           .result = study::result_of_point(point, number, results, runner.resampling()),
           .net = {},
           .px = {},
           .decisions_changed = {},
           .entries_shared = {}});
    };
    study::Point base;
    base.name = base.group = kBaseName;
    add(base, kBaseNumber);
    for (const study::Point& point : begun.points.points) {
      add(point, number_of(point.same_as.value_or(point.index)));
    }
    const study::Contest contest = study::compare(variants, runner.resampling());
    const std::filesystem::path& path = begun.folder.path();
    study::write_table(path / "ablation.parquet", std::span<const study::VariantRow>{variants});
    study::write_table(path / "ablation_groups.parquet",
                       std::span<const study::GroupRow>{study::group_rows(variants)});
    runner.end(begun.folder, "ablation", contest.trials, contest, &variants.front().result,
               progress);
    return study::ablation_json(begun.folder.id(), begun.design_json, variants, contest,
                                runner.resampling());
  };
  return run_study(runner, request, design, options, {.tasks = tasks_of, .conclude = conclude},
                   progress);
}

}  // namespace toxvol::jobs
