#pragma once

#include <optional>
#include <span>
#include <vector>

namespace toxvol::stats {

/// Rank of each value, 1 the smallest; equal ones share the mean of theirs (R6).
[[nodiscard]] std::vector<double> mid_ranks(std::span<const double> values);

/// Pearson's correlation of two series of equal length; empty where one has no spread.
[[nodiscard]] std::optional<double> correlation(std::span<const double> x,
                                                std::span<const double> y);

/// Spearman's: Pearson's of the ranks (R6).
[[nodiscard]] std::optional<double> rank_correlation(std::span<const double> x,
                                                     std::span<const double> y);

}  // namespace toxvol::stats
