#pragma once

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

inline constexpr std::array<std::string_view, 8> kMetricsColumns{"create_time",
                                                                 "symbol",
                                                                 "sum_open_interest",
                                                                 "sum_open_interest_value",
                                                                 "count_toptrader_long_short_ratio",
                                                                 "sum_toptrader_long_short_ratio",
                                                                 "count_long_short_ratio",
                                                                 "sum_taker_long_short_vol_ratio"};

/// What has to be added to the labels of the file of `file_day` to get the time their values are
/// true at (E14, C4): 5 min from 2026-06-25, before that nothing.
[[nodiscard]] Duration metrics_label_shift(Day file_day) noexcept;

/// One row of metrics, its fields in the order of `kMetricsColumns`; `ts_event` is the label plus
/// `label_shift`, `ts_init` is left zero. A blank value is empty. `symbol` is what the row must
/// name.
[[nodiscard]] Expected<Metrics, RowError> parse_metrics(
    const std::array<std::string_view, 8>& fields, std::string_view symbol,
    Duration label_shift) noexcept;

}  // namespace toxvol::csv
