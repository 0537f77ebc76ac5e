#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

/// The data files of a table that may hold rows of one of `parts` by ts_event, in their order.
[[nodiscard]] std::vector<DataFile> files_in(const std::filesystem::path& catalog, Table table,
                                             std::string_view symbol,
                                             std::span<const TimeRange> parts);

/// The files behind the minutes of a window: klines, and of trades and quotes what is wanted.
struct FilesOfMinutes {
  std::string lines;                // `<path> <rows> <xxh3>`, one a file
  std::int64_t ticks_a_minute = 0;  // on average, of days that have ticks
};

/// Each is the file that ingest wrote, byte for byte; empty where one is of another program. Throws
/// `Error` for a damaged one.
[[nodiscard]] std::optional<FilesOfMinutes> files_of_minutes(const std::filesystem::path& catalog,
                                                             std::string_view symbol,
                                                             Timestamp from, Timestamp to,
                                                             const Inputs& inputs);

}  // namespace toxvol::catalog
