#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/study/design.hpp"
#include "toxvol/study/outcome.hpp"

namespace toxvol::study {

/// What a candidate's training run is worth (R42). An objective is of units, not annualised.
struct Score {
  bool eligible = false;
  std::optional<double> objective;
};
[[nodiscard]] Score score_of(const WalkForward& rule, const Outcome& training);

/// The place of the best eligible score; of those within 1e-12 of it the first. Empty where none is
/// eligible or, with `require_positive`, none is above 0: then the fallback is used.
[[nodiscard]] std::optional<std::size_t> select(const WalkForward& rule,
                                                std::span<const Score> scores);

}  // namespace toxvol::study
