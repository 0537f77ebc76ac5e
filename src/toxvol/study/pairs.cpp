#include "toxvol/study/pairs.hpp"

#include <cstdint>
#include <optional>

#include "toxvol/stats/family.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

RunPair pair_of(const UnitReturns& base, const UnitReturns& other, stats::Resampling how) {
  how.stream = stats::Stream::Pair;
  const UnitReturns* const both[] = {&base, &other};
  const CommonUnits common = common_units(both);
  RunPair result;
  result.n = static_cast<std::int64_t>(common.rows());
  if (result.n == 0) {
    result.note = Note::NoOverlap;
    return result;
  }
  result.from = common.from;
  result.to = common.from + result.n * length_of(base.unit);
  const auto pair = [&how](const stats::MatrixView& series) {
    return stats::pair(series.column(0), series.column(1), how);
  };
  result.net = pair(common.net.view());
  result.px = pair(common.px.view());
  if (base.ruined || other.ruined) {
    result.note = Note::Ruined;
  } else if (!result.net.length) {
    result.note = Note::TooShort;
  } else if (!result.net.t || !result.px.t || !result.net.d_sharpe || !result.px.d_sharpe) {
    result.note = Note::NoSpread;
  }
  return result;
}

}  // namespace toxvol::study
