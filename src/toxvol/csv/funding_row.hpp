#pragma once

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

inline constexpr std::array<std::string_view, 3> kFundingColumns{
    "calc_time", "funding_interval_hours", "last_funding_rate"};

/// One row of fundingRate, its fields in the order of `kFundingColumns`; `ts_event` is calc_time,
/// `ts_init` is left zero. The interval is above zero.
[[nodiscard]] Expected<Funding, RowError> parse_funding(
    const std::array<std::string_view, 3>& fields, TimeUnit unit) noexcept;

}  // namespace toxvol::csv
