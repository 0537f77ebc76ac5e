#pragma once

#include <cstddef>
#include <span>

#include "toxvol/core/market.hpp"

namespace toxvol::csv {

/// Lines as Binance nearly always writes them – columns in order, milliseconds, plain short
/// numbers, `true`/`false` – into `rows`, from `at` on, which is moved past them. Stops at the
/// first line with anything unusual: the careful parser decides about that one, and would read
/// every line taken here alike. Gives the number of rows. At least `kPadding` (block_cutter.hpp)
/// bytes after the last line must be readable; if no line end is among them, a cut line is never
/// taken.
[[nodiscard]] std::size_t fast_rows(const char*& at, std::span<Quote> rows) noexcept;
[[nodiscard]] std::size_t fast_rows(const char*& at, std::span<Trade> rows) noexcept;

/// `fast_rows` of quotes as on processors without wide registers.
[[nodiscard]] std::size_t fast_quotes_narrow(const char*& at, std::span<Quote> rows) noexcept;

/// No line that is taken is longer.
inline constexpr std::size_t kLongestFastRow = 160;

}  // namespace toxvol::csv
