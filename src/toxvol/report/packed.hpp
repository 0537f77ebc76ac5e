#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Numbers as text for the page, about a byte each: docs/report.md#packed-columns. Each is kept as
/// a whole number of 10^-decimals, and web/src/packed.ts gives that back exactly:
/// {n, decimals, nulls, data}. Throws `Error` for a value beyond 2^51 of these units.
[[nodiscard]] Json packed(std::span<const std::optional<double>> values, int decimals);
[[nodiscard]] Json packed(const std::vector<double>& values, int decimals);

/// Decimals that leave the largest of the values four significant digits; 0 to 12.
[[nodiscard]] int decimals_for(std::span<const std::optional<double>> values);

/// Base64 (RFC 4648) with its padding.
[[nodiscard]] std::string base64(std::span<const unsigned char> bytes);

}  // namespace toxvol::report
