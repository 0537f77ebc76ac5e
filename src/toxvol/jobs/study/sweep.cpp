#include "toxvol/jobs/study/sweep.hpp"

#include <span>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/study/axis_names.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/sweep.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::jobs {

StudyResult run_sweep(const StudyRequest& request, Progress& progress) {
  if (request.design.empty()) {
    throw UsageError{"sweep: which design? a TOML file with its axes (docs/designs.md)"};
  }
  const study::Design design = design_of(request);
  study::check_axis_names<study::SweepRow>(design);
  study::PointOptions options{.seed = request.seed};
  if (names_base(request.config)) options.base = resolve(request.config);
  const config::Config base = study::points_of(design, options).base;
  StudyRunner runner{request, base, progress};
  check_idle_axes(design, base, request.signal.has_value());

  const auto tasks_of = [&](const study::DesignPoints& points) {
    std::vector<StudyTask> tasks;
    for (const study::Point& point : points.points) {
      if (point.status != study::PointStatus::Ok || point.same_as) continue;
      tasks.push_back({.number = point.index,
                       .spec = runner.spec_of(point.config),
                       .kind = study::TrialKind::Sweep});
    }
    return tasks;
  };
  const auto conclude = [&](BegunStudy& begun) {
    const study::PointResults results = runner.run(begun.folder, tasks_of(begun.points), progress);
    std::vector<study::SweepRow> rows =
        study::sweep_rows(design, begun.points,
                          runner.result_rows(begun.points.points, &study::Point::index, results));
    const study::Contest contest = study::judge(rows, runner.resampling());
    study::write_table(begun.folder.path() / "sweep.parquet",
                       std::span<const study::SweepRow>{rows});
    const study::ResultRow* best = nullptr;
    for (const study::SweepRow& row : rows) {
      if (row.rank == 1) best = &row.result;
    }
    runner.end(begun.folder, "sweep", contest.members, best, progress);
    return study::sweep_json(begun.folder.id(), begun.design_json, rows, contest,
                             runner.resampling());
  };
  return run_study(runner, request, design, options, {.tasks = tasks_of, .conclude = conclude},
                   progress);
}

}  // namespace toxvol::jobs
