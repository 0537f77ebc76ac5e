#include "toxvol/jobs/study/ablation.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/embedded.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/study/batches.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
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

/// The presets that the list is to be run on, in their order, the one of --preset first; none where
/// --presets is not given.
std::vector<study::NamedBase> bases_of(const StudyRequest& request) {
  std::vector<std::string> names = request.presets;
  if (names.empty()) return {};
  if (!request.config.file.empty() || !request.config.text.empty()) {
    throw UsageError{
        "--presets: each base is a preset, and --config names a file; leave one of both out"};
  }
  const std::vector<std::string> known = config::preset_names();
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (name->empty()) {
      throw UsageError{fmt::format("--presets: a name is missing; name presets such as A,B of {}",
                                   fmt::join(known, ", "))};
    }
    if (std::find(known.begin(), known.end(), *name) == known.end()) {
      const auto nearest = nearest_name(*name, known);
      throw UsageError{fmt::format("--presets {}: no such preset{} They are {}", *name,
                                   nearest ? fmt::format("; did you mean {}?", *nearest) : ".",
                                   fmt::join(known, ", "))};
    }
    if (std::find(names.begin(), name, *name) != name) {
      throw UsageError{fmt::format("--presets {}: {} stands there twice; name each preset once",
                                   fmt::join(names, ","), *name)};
    }
  }
  if (const std::string& first = request.config.preset; !first.empty()) {
    const auto place = std::find(names.begin(), names.end(), first);
    if (place == names.end()) {
      throw UsageError{fmt::format(
          "--preset {}: --presets does not name it; add it there, or leave --preset out", first)};
    }
    std::rotate(names.begin(), place, place + 1);
  }
  std::vector<study::NamedBase> bases;
  for (const std::string& name : names) {
    ConfigOptions options = request.config;
    options.preset = name;
    bases.push_back({.name = name, .config = resolve(options)});
  }
  return bases;
}

study::PointOptions options_of(const StudyRequest& request, const study::Design& design) {
  study::PointOptions options{.seed = request.seed, .groups = request.groups};
  options.bases = bases_of(request);
  if (options.bases.empty() && (names_base(request.config) || !design.base)) {
    options.base = resolve(request.config);
  }
  return options;
}

/// Every run that is asked for, in the order of its number. A base that is the only one is no point
/// of the list, and comes before.
std::vector<study::Point> numbered(const study::DesignPoints& points) {
  std::vector<study::Point> all = points.points;
  if (all.front().is_base) return all;
  for (study::Point& point : all) {
    ++point.index;
    if (point.same_as) ++*point.same_as;
    point.base = study::kBaseName;
  }
  study::Point base;
  base.name = base.group = base.base = study::kBaseName;
  base.config = points.base;
  all.insert(all.begin(), std::move(base));
  return all;
}

/// As the table has them: each base, and after it its variants.
std::vector<study::Point> base_by_base(const std::vector<study::Point>& points) {
  if (!points.front().is_base) return points;
  std::vector<study::Point> rows;
  for (const study::Point& base : points) {
    if (!base.is_base) continue;
    std::copy_if(points.begin(), points.end(), std::back_inserter(rows),
                 [&base](const study::Point& point) { return point.base == base.name; });
  }
  return rows;
}

/// Of the run that a point is of, its own or that of an equal configuration.
std::size_t number_of(const study::Point& point) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  return point.status == study::PointStatus::Ok ? point.same_as.value_or(point.index) : kNone;
}

/// A run that stands for several variants is a trial where one of them is a choice.
study::TrialKind kind_of(std::size_t number, const std::vector<study::Point>& points) {
  const bool is_choice = std::any_of(points.begin(), points.end(), [&](const study::Point& point) {
    return number_of(point) == number && point.group != study::kWorldGroup;
  });
  return is_choice ? study::TrialKind::Ablation : study::TrialKind::World;
}

}  // namespace

StudyResult run_ablation(const StudyRequest& request, Progress& progress) {
  const study::Design design = list_of(request);
  const study::PointOptions options = options_of(request, design);
  StudyRunner runner{request, study::points_of(design, options).base, progress};

  const auto tasks_of = [&](const study::DesignPoints& points) {
    const std::vector<study::Point> all = numbered(points);
    std::set<std::size_t> asked;
    std::vector<StudyTask> tasks;
    for (const study::Point& point : all) {
      const std::size_t number = number_of(point);
      if (point.status != study::PointStatus::Ok || !asked.insert(number).second) continue;
      tasks.push_back(
          {.number = number, .spec = runner.spec_of(point.config), .kind = kind_of(number, all)});
    }
    return tasks;
  };
  const auto conclude = [&](BegunStudy& begun) {
    const study::PointResults results = runner.run(begun.folder, tasks_of(begun.points), progress);

    const std::vector<study::Point> points = base_by_base(numbered(begun.points));
    std::vector<study::ResultRow> rows = runner.result_rows(points, number_of, results);
    std::vector<study::VariantRow> variants;
    variants.reserve(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
      variants.push_back({.name = points[i].name,
                          .group = points[i].group,
                          .base = points[i].base,
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
