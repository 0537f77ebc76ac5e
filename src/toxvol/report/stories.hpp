#pragma once

#include <cstddef>

#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Most positions that can be opened in the page, and of these how many with quotes and trades.
inline constexpr std::size_t kMaxStories = 500;
inline constexpr std::size_t kMaxCloseUps = 60;

/// Of the positions with the largest results: `id`, `title`, `why` (in and out, in words),
/// `factors` (a table: value against threshold at the decision), `orders`, `fills` (tables),
/// `marks` (fills to draw), `entry` and `exit` (close_up, or null), `command`. And a `note` on what
/// was left out.
[[nodiscard]] Json stories(const RunFolder& folder, const OpenPart& open,
                           const MarketReader& market);

}  // namespace toxvol::report
