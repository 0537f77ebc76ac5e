#pragma once

#include <optional>
#include <string>

#include "toxvol/report/open_part.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/terminal_summary.hpp"

namespace toxvol::report {

/// A probabilistic Sharpe ratio above this is customarily believed (Bailey & López de Prado 2012).
inline constexpr double kBelievable = 0.95;
using run::kFewPositions;
using run::kLeastDaysOfYear;

/// Of every page whose market `toxvol synth` made.
inline constexpr const char* kSyntheticNote =
    "The market is synthetic: this tells of the program, not of any real market.";
[[nodiscard]] Json synthetic_badge();

/// `tone` (gain, loss, none), `text`: one honest sentence, `notes`: how much of it to believe.
/// `synthetic_label`: see `Options`.
[[nodiscard]] Json headline(const RunFolder& folder, const OpenPart& open,
                            const std::string& synthetic_label);
/// What a reader must know before the numbers: `text`, `tone` (warn, info), `meaning`.
[[nodiscard]] Json badges(const RunFolder& folder, const std::optional<PresetNote>& preset);
/// The few numbers beside the headline: `label`, `value`, `note`.
[[nodiscard]] Json tiles(const RunFolder& folder);

}  // namespace toxvol::report
