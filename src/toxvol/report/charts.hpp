#pragma once

#include <cstddef>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Most points that one series of a chart holds, whatever the run's length.
inline constexpr std::size_t kMaxPoints = 4000;
/// Most positions that the price chart marks.
inline constexpr std::size_t kMaxMarks = 5000;

/// `frames` (time axes in seconds after `from`, rounded to the millisecond), `charts` over them,
/// and the entries and exits to mark on the price.
[[nodiscard]] Json chart_data(const RunFolder& folder);

}  // namespace toxvol::report
