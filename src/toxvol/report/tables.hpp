#pragma once

#include <cstddef>

#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Most rows of the table of positions.
inline constexpr std::size_t kMaxRows = 2000;

/// Tables and bars, ready to be shown. A table is `title`, `note`, `columns` (`label`, `align`,
/// `gain`), `rows` of texts; a bar is `label`, `value`, `note`, `tone`, and `left`, `width` in per
/// cent.

/// From the gross result by slippage, fees, funding and what is open to the change of equity.
[[nodiscard]] Json waterfall(const RunFolder& folder, const OpenPart& open);
/// By alpha, regime and exit.
[[nodiscard]] Json result_tables(const RunFolder& folder, const OpenPart& open);
[[nodiscard]] Json funnel_bars(const RunFolder& folder);
[[nodiscard]] Json reason_bars(const RunFolder& folder);
[[nodiscard]] Json position_table(const RunFolder& folder, const OpenPart& open);
/// Orders by role and end, rejections by reason, fills by rule.
[[nodiscard]] Json order_tables(const RunFolder& folder);
/// Findings by code, minutes by mode, inputs by kind.
[[nodiscard]] Json data_tables(const RunFolder& folder);

}  // namespace toxvol::report
