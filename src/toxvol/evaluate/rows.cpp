#include "toxvol/evaluate/rows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"

namespace toxvol::evaluate {

const Row* Rows::at(Timestamp ts) const {
  const auto found = std::lower_bound(rows_.begin(), rows_.end(), ts,
                                      [](const Row& row, Timestamp at) { return row.ts < at; });
  return found != rows_.end() && found->ts == ts ? &*found : nullptr;
}

Value moved_bp(const Value& a, const Value& b) {
  if (!a || !b || *a <= 0.0 || *b <= 0.0) return std::nullopt;
  return kBasisPoints * std::log(*b / *a);
}

}  // namespace toxvol::evaluate
