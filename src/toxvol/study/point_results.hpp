#pragma once

#include <cstddef>
#include <map>
#include <string>

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

/// The row of `point`, which was run as `number` or is told why it was not. It points into
/// `results`.
[[nodiscard]] ResultRow result_of_point(const Point& point, std::size_t number,
                                        const PointResults& results, const stats::Resampling& how);

}  // namespace toxvol::study
