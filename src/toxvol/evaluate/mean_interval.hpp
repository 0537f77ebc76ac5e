#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

/// A mean and its interval of 95 % (R13); the interval from 30 numbers with spread on.
struct MeanInterval {
  std::optional<double> mean;
  std::optional<stats::Range> range;
};
/// `least_block`: mean blocks are no shorter (outcomes that overlap by so many observations).
[[nodiscard]] MeanInterval mean_interval(std::span<const double> series, std::int64_t least_block,
                                         const stats::Resampling& how);

}  // namespace toxvol::evaluate
