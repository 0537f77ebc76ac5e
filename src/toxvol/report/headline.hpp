#pragma once

#include <cstdint>
#include <optional>

#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Fewer closed positions than this say nothing of the sign of a result.
inline constexpr std::int64_t kFewPositions = 30;
/// A probabilistic Sharpe ratio above this is customarily believed (Bailey & López de Prado 2012).
inline constexpr double kBelievable = 0.95;

/// `tone` (gain, loss, none), `text`: one honest sentence, `notes`: how much of it to believe.
[[nodiscard]] Json headline(const RunFolder& folder);
/// What a reader must know before the numbers: `text`, `tone` (warn, info), `meaning`.
[[nodiscard]] Json badges(const RunFolder& folder, const std::optional<PresetNote>& preset);
/// The few numbers beside the headline: `label`, `value`, `note`.
[[nodiscard]] Json tiles(const RunFolder& folder);

}  // namespace toxvol::report
