#pragma once

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::factors {

/// Variances of one bar from its open, high, low and close, in squared natural-log units per bar.
/// Definitions and worked numbers: docs/factors/range_estimators.md
///
/// All need 0 < low ≤ open, close ≤ high; no other bar is read from a file.

/// ln(a/b), precise where a and b are close. Both > 0.
[[nodiscard]] double log_ratio(Price a, Price b) noexcept;

[[nodiscard]] double parkinson_variance(const Bar& bar) noexcept;
[[nodiscard]] double garman_klass_variance(const Bar& bar) noexcept;
/// 0 on a bar that only rises or only falls, whatever its range.
[[nodiscard]] double rogers_satchell_variance(const Bar& bar) noexcept;

}  // namespace toxvol::factors
