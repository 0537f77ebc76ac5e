#pragma once

#include <cstddef>

#include "toxvol/report/candles.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Most points that one series of a chart holds, a year of minutes; of a longer run each stretch
/// keeps its extremes.
inline constexpr std::size_t kMaxPoints = 600'000;
/// Most positions that the price chart marks.
inline constexpr std::size_t kMaxMarks = 5000;

/// `frames` (packed time axes in seconds after `from`, to the millisecond), `charts` over them,
/// `candles`, and the entries and exits to mark on the price.
[[nodiscard]] Json chart_data(const RunFolder& folder, const OpenPart& open,
                              const Candles& candles);

}  // namespace toxvol::report
