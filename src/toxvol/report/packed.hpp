#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

struct PackedColumn;

/// Columns that another one stays near to, row by row; what is kept of it is the distance.
struct Near {
  /// `before`: the value of the first one in the row before; `most`, `least`: the greatest and the
  /// least of their values in the same row.
  std::string_view how;
  std::vector<std::reference_wrapper<const PackedColumn>> of;
};

/// Numbers as whole units of 10^-decimals, and as the page holds them:
/// docs/report.md#packed-columns. In `json` the bytes are binary, until page_text puts them away.
struct PackedColumn {
  std::vector<std::optional<std::int64_t>> units;
  Json json;
};

/// web/src/packed.ts gives the values back exactly, rounded to `decimals`. Throws `Error` for a
/// value beyond 2^51 units. Columns of `near` have as many rows and the same decimals.
[[nodiscard]] PackedColumn packed_column(std::span<const std::optional<double>> values,
                                         int decimals, const Near& near = {});
[[nodiscard]] PackedColumn packed_column(const std::vector<double>& values, int decimals,
                                         const Near& near = {});

/// The same where no other column is near to it.
[[nodiscard]] Json packed(std::span<const std::optional<double>> values, int decimals);
[[nodiscard]] Json packed(const std::vector<double>& values, int decimals);

/// Decimals that leave the largest of the values four significant digits; 0 to 12.
[[nodiscard]] int decimals_for(std::span<const std::optional<double>> values);

}  // namespace toxvol::report
