#include "toxvol/jobs/ablation.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/config/embedded.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/study.hpp"
#include "toxvol/jobs/study_batches.hpp"
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

/// A run that stands for several variants is a trial where one of them is a choice.
study::TrialKind kind_of(std::size_t index, const std::vector<study::Point>& points) {
  const bool is_choice = std::any_of(points.begin(), points.end(), [&](const study::Point& point) {
    return point.same_as.value_or(point.index) == index && point.group != study::kWorldGroup;
  });
  return is_choice ? study::TrialKind::Ablation : study::TrialKind::World;
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
                       .kind = kind_of(point.index, points.points)});
    }
    return tasks;
  };
  const auto conclude = [&](BegunStudy& begun) {
    const study::PointResults results = runner.run(begun.folder, tasks_of(begun.points), progress);

    std::vector<study::Point> points = begun.points.points;
    study::Point base;
    base.name = base.group = kBaseName;
    points.insert(points.begin(), base);
    const auto number = [&points](const study::Point& point) {
      return &point == &points.front() ? kBaseNumber
                                       : number_of(point.same_as.value_or(point.index));
    };
    std::vector<study::ResultRow> rows = runner.result_rows(points, number, results);
    std::vector<study::VariantRow> variants;
    variants.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      variants.push_back({.name = points[i].name,
                          .group = points[i].group,
                          .base = kBaseName,
                          .set = study::set_text(points[i]),
                          .says = points[i].says,
                          .result = std::move(rows[i]),
                          .net = {},
                          .px = {},
                          .decisions_changed = {},
                          .entries_shared = {}});
    }
    const study::Contest contest = study::compare(variants, runner.resampling());
    const std::filesystem::path& path = begun.folder.path();
    study::write_table(path / "ablation.parquet", std::span<const study::VariantRow>{variants});
    study::write_table(path / "ablation_groups.parquet",
                       std::span<const study::GroupRow>{study::group_rows(variants)});
    runner.end(begun.folder, "ablation", contest.members, &variants.front().result, progress);
    return study::ablation_json(begun.folder.id(), begun.design_json, variants, contest,
                                runner.resampling());
  };
  return run_study(runner, request, design, options, {.tasks = tasks_of, .conclude = conclude},
                   progress);
}

}  // namespace toxvol::jobs
