#pragma once

#include <array>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

inline constexpr std::array<std::string_view, 12> kKlineColumns{"open_time",
                                                                "open",
                                                                "high",
                                                                "low",
                                                                "close",
                                                                "volume",
                                                                "close_time",
                                                                "quote_volume",
                                                                "count",
                                                                "taker_buy_volume",
                                                                "taker_buy_quote_volume",
                                                                "ignore"};

/// One row of 1-minute klines, its fields in the order of `kKlineColumns`; `ts_event` is
/// open_time + 60 s, `ts_init` is left zero. Good only if 0 < low <= open, close <= high, volumes
/// and count are not negative, open_time is a whole minute and close_time its last unit of time.
[[nodiscard]] Expected<Bar, RowError> parse_kline(const std::array<std::string_view, 12>& fields,
                                                  TimeUnit unit) noexcept;

}  // namespace toxvol::csv
