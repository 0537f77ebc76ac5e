#pragma once

#include <cstddef>
#include <span>

#include "toxvol/core/market.hpp"

/// `fast_rows` of quotes by the wide registers of nearly every x86-64 processor since 2015 (AVX2,
/// BMI): a line's numbers are read side by side.
namespace toxvol::csv {

/// Whether this processor has them.
[[nodiscard]] bool has_wide_registers() noexcept;

/// As `fast_rows`, but stops also at a line whose sixth comma is not among its first 64 characters.
/// Only where there are wide registers.
[[nodiscard]] std::size_t fast_quotes_wide(const char*& at, std::span<Quote> rows) noexcept;

}  // namespace toxvol::csv
