#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

/// The trials of a study, as its line in the trial log counts them (R24).
struct Members {
  std::int64_t count = 0;       // of one id once, those without a ratio too
  std::optional<double> n_hat;  // how many of those with a ratio are different
  std::optional<double> rho;    // their mean correlation
};

using TrialRows = std::vector<const ResultRow*>;

/// Of a study whose runs are not all over the same hours. `together`: a list for each window, whose
/// runs are as different as they are correlated (R15); what is different on one window adds to what
/// is on another. `others`: each counts as one more. A row without a result counts nothing, and
/// rows of one id count once, where they come first.
[[nodiscard]] Members members_of(std::span<const TrialRows> together, const TrialRows& others);

}  // namespace toxvol::study
