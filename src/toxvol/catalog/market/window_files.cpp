#include "toxvol/catalog/market/window_files.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/market/known_rows.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

std::vector<DataFile> files_in(const fs::path& catalog, Table table, std::string_view symbol,
                               std::span<const TimeRange> parts) {
  std::vector<DataFile> files;
  for (DataFile& file : data_files(catalog / folder_of(table, symbol))) {
    // Names go by ts_init, which a file of another program may have long after ts_event.
    const bool is_needed = std::any_of(parts.begin(), parts.end(), [&](const TimeRange& part) {
      return !file.interval ||
             (file.interval->last >= part.from && file.interval->first <= part.to + kDay);
    });
    if (is_needed) files.push_back(std::move(file));
  }
  return files;
}

std::optional<FilesOfMinutes> files_of_minutes(const fs::path& catalog, std::string_view symbol,
                                               Timestamp from, Timestamp to, const Inputs& inputs) {
  std::vector<Table> tables{Table::Bars, Table::Flow};
  if (inputs.trades) tables.push_back(Table::Trades);
  if (inputs.quotes) tables.push_back(Table::Quotes);
  const TimeRange window{from, to};
  const KnownRows known{catalog};
  FilesOfMinutes result;
  std::int64_t ticks = 0;
  std::int64_t days = 0;
  for (const Table table : tables) {
    const bool has_ticks = table == Table::Trades || table == Table::Quotes;
    std::int64_t files = 0;
    for (const DataFile& file : files_in(catalog, table, symbol, {&window, 1})) {
      const FileOfRows* rows = known.checked(file.path);
      if (rows == nullptr) return std::nullopt;
      result.lines +=
          fmt::format("{} {} {}\n", file.path.lexically_relative(catalog).generic_string(),
                      rows->rows, rows->xxh3);
      if (has_ticks) ticks += rows->rows;
      ++files;
    }
    if (has_ticks) days = std::max(days, files);
  }
  if (days > 0) result.ticks_a_minute = ticks / days / (kDay / kMinute);
  return result;
}

}  // namespace toxvol::catalog
