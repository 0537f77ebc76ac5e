#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

/// What the points of a study came to, by number.
struct PointResults {
  std::map<std::size_t, Outcome> outcomes;
  std::map<std::size_t, std::string> failed;  // with the message
};

/// Does something for each i below a count, in any order, perhaps several at the same time.
using ForEach =
    std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

/// The number that a point was run as.
using NumberOf = std::function<std::size_t(const Point&)>;

/// The row of each point: what its run came to, or why it was not run. They point into `results`.
[[nodiscard]] std::vector<ResultRow> result_rows(std::span<const Point> points,
                                                 const NumberOf& number,
                                                 const PointResults& results,
                                                 const stats::Resampling& how,
                                                 const ForEach& for_each);

}  // namespace toxvol::study
