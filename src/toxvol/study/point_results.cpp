#include "toxvol/study/point_results.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

ResultRow result_of_point(const Point& point, std::size_t number, const PointResults& results,
                          const stats::Resampling& how) {
  if (const auto found = results.outcomes.find(number); found != results.outcomes.end()) {
    return result_of(found->second, how);
  }
  ResultRow row;
  row.status = point.status;
  row.note = point.message;
  if (const auto failed = results.failed.find(number); failed != results.failed.end()) {
    row.status = PointStatus::Failed;
    row.note = failed->second;
  }
  return row;
}

}  // namespace

std::vector<ResultRow> result_rows(std::span<const Point> points, const NumberOf& number,
                                   const PointResults& results, const stats::Resampling& how,
                                   const ForEach& for_each) {
  std::vector<ResultRow> rows(points.size());
  for_each(points.size(), [&](std::size_t i) {
    rows[i] = result_of_point(points[i], number(points[i]), results, how);
  });
  return rows;
}

}  // namespace toxvol::study
