#pragma once

#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// The charts that answer a question of the result, empty for a run without positions: when it was
/// made, how a position ends, how far it went before, what costs do to it, what the signal foresaw.
/// What each shows: docs/report.md#answers. `market` may be empty.
[[nodiscard]] Json answers(const RunFolder& folder, const OpenPart& open,
                           const MarketReader& market);

/// The deepest falls from a high of equity, as a table.
[[nodiscard]] Json worst_drawdowns(const RunFolder& folder);

/// Of positions: answers_positions.cpp.
[[nodiscard]] Json position_figures(const RunFolder& folder, const OpenPart& open);
/// Net by fee and by slippage: answers_costs.cpp.
[[nodiscard]] Json cost_figures(const RunFolder& folder);
/// Where the mid stood after the run's fills: answers_markout.cpp. A sentence where that cannot be
/// told.
[[nodiscard]] Json markout_figure(const RunFolder& folder, const MarketReader& market);
/// The return after a decision by decile of pressure: answers_signal.cpp; null without values.
[[nodiscard]] Json decile_figure(const RunFolder& folder);

}  // namespace toxvol::report
