#pragma once

#include "toxvol/core/market.hpp"

namespace toxvol::csv {

/// Rows as Binance nearly always writes them – columns in order, milliseconds, short decimals,
/// `true`/`false` – read eight bytes at a time. Gives the byte after the line's end, or nullptr for
/// anything unusual: then the careful parser decides, and what is accepted here it would read
/// alike. At least `LineReader::kPadding` readable bytes, no digits, must follow the buffered
/// lines.
[[nodiscard]] const char* fast_row(const char* line, Quote& quote) noexcept;
[[nodiscard]] const char* fast_row(const char* line, Trade& trade) noexcept;

}  // namespace toxvol::csv
