#pragma once

#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

/// What summary.json leaves out of `net`, so that the page has one net result: the change of
/// equity. net of the summary + value + insurance = end equity − start equity.
struct OpenPart {
  std::optional<trading::PositionRecord> position;  // open at the end; at most one
  Money value{};      // of it at the last mid, against its entry: not realised
  Money insurance{};  // credited by the insurance fund after liquidations
};

/// Throws `Error` for a missing or damaged table.
[[nodiscard]] OpenPart open_part(const RunFolder& folder);

/// realised − fees + funding, and of the position that is open what it is worth besides.
[[nodiscard]] Money net_of(const trading::PositionRecord& position, const OpenPart& open);

}  // namespace toxvol::report
