#include "toxvol/evaluate/ladder.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "toxvol/evaluate/note.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

LadderRow ladder_row(const LadderRun& run, const stats::Resampling& how) {
  const std::vector<double>& bp = run.position_bp;
  LadderRow row{.multiple = run.multiple,
                .positions = static_cast<std::int64_t>(bp.size()),
                .slippage_bp = run.slippage_bp};
  if (!bp.empty()) row.net_bp = stats::moments_of(bp).mean();
  stats::Resampling of_positions = how;
  of_positions.stream = stats::Stream::Positions;
  const stats::MatrixView column{.values = bp.data(), .rows = bp.size(), .columns = 1};
  if (const auto range = stats::intervals(column, of_positions).front().mean) {
    row.lo = range->lo;
    row.hi = range->hi;
  } else {
    row.note = bp.size() < stats::kLeastPositions ? note::kTooShort : note::kNoSpread;
  }
  return row;
}

std::optional<double> largest_that_earns(const std::vector<LadderRow>& rows) {
  if (rows.empty()) return std::nullopt;
  double largest = 0.0;
  for (const LadderRow& row : rows) {
    if (row.net_bp && *row.net_bp > 0.0) largest = std::max(largest, row.multiple);
  }
  return largest;
}

}  // namespace toxvol::evaluate
