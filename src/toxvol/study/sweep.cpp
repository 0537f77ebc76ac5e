#include "toxvol/study/sweep.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/study_json.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

const SweepRow* best_of(const std::vector<SweepRow>& rows) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [](const SweepRow& row) { return row.rank == 1; });
  return found == rows.end() ? nullptr : &*found;
}

/// The point of the best ratio before fees and funding, and what is said of it.
Json px_best(const std::vector<SweepRow>& rows) {
  const SweepRow* best = nullptr;
  std::optional<double> greatest;
  for (const SweepRow& row : rows) {
    const auto& ratio = row.result.inference.px.sharpe;
    if (row.result.outcome == nullptr || !ratio) continue;
    if (greatest && *ratio <= *greatest) continue;
    best = &row;
    greatest = ratio;
  }
  if (best == nullptr) return nullptr;
  Json json = {{"point", best->point}};
  json.update(result_json(best->result)["px"]);
  return json;
}

}  // namespace

std::vector<SweepRow> sweep_rows(const Design& design, const DesignPoints& points,
                                 std::vector<ResultRow> results) {
  TOXVOL_ASSERT(points.points.size() == results.size());
  std::vector<SweepRow> rows;
  for (const Point& point : points.points) {
    SweepRow row{.point = static_cast<std::int32_t>(point.index),
                 .axes = {},
                 .result = std::move(results[rows.size()]),
                 .t = {},
                 .rw_p = {},
                 .rank = {}};
    for (std::size_t a = 0; a < design.axes.size(); ++a) {
      row.axes.emplace_back(design.axes[a].name, point.axes[a]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Contest judge(std::vector<SweepRow>& rows, const stats::Resampling& how) {
  std::vector<ResultRow> results;
  results.reserve(rows.size());
  for (const SweepRow& row : rows) results.push_back(row.result);
  const Contest contest = judge(results, std::vector<bool>(rows.size(), true), how);
  std::vector<SweepRow*> ranked;
  std::size_t column = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].result = results[i];
    if (results[i].outcome == nullptr) continue;
    if (column < contest.family.t.size()) rows[i].t = contest.family.t[column];
    if (column < contest.family.p_one_sided.size()) {
      rows[i].rw_p = contest.family.p_one_sided[column];
    }
    ++column;
    if (results[i].inference.net.sharpe) ranked.push_back(&rows[i]);
  }
  std::sort(ranked.begin(), ranked.end(), [](const SweepRow* a, const SweepRow* b) {
    const double one = *a->result.inference.net.sharpe;
    const double other = *b->result.inference.net.sharpe;
    return one != other ? one > other : a->point < b->point;
  });
  for (std::size_t i = 0; i < ranked.size(); ++i)
    ranked[i]->rank = static_cast<std::int64_t>(i + 1);
  return contest;
}

std::string sweep_json(std::string_view id, std::string_view design_json,
                       const std::vector<SweepRow>& rows, const Contest& contest,
                       const stats::Resampling& how) {
  Json json = {{"schema", 1}, {"id", id}, {"kind", "sweep"}};
  json["seed"] = how.seed;
  json["resamples"] = how.resamples;
  Json counts = {{"ok", 0}, {"invalid", 0}, {"failed", 0}};
  for (const SweepRow& row : rows) {
    const std::string status{name(row.result.status)};
    counts[status] = counts[status].get<int>() + 1;
  }
  json["points"] = counts;
  json.update(contest_json(contest));
  json["px"] = contest_json(contest.px);
  json["px"]["best"] = px_best(rows);
  json["best"] = nullptr;
  Verdict verdict;
  if (const SweepRow* best = best_of(rows)) {
    Json axes = Json::object();
    for (const auto& [name, value] : best->axes) axes[name] = value;
    json["best"] = {{"point", best->point}, {"axes", axes}};
    json["best"].update(result_json(best->result));
    verdict = verdict_of(best->result, contest);
  }
  put(verdict, json);
  json["design"] = Json::parse(design_json);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
