#pragma once

#include <string>
#include <vector>

#include "table.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::python {

struct RawTable {
  Table table;
  std::string symbol;
  catalog::RowCounts counts;
};

/// One of Binance's files as ingest sees it: in order, without duplicates, with `ts_event` and
/// `ts_init`; the file's name tells symbol and day. Prices and quantities are float64, or
/// decimal128(18, 8) if `exact`. `strict`: the first bad row throws. Throws `Error`.
[[nodiscard]] RawTable read_raw(const std::string& path, Kind kind, bool exact, bool strict);

/// Rows of one kind with `from` <= ts_event < `to` (bars: open time) of a folder of raw files, as a
/// run sees them; decimals as doubles.
[[nodiscard]] Table read_market(const std::vector<std::string>& raw, const std::string& symbol,
                                Kind kind, Timestamp from, Timestamp to, Progress& progress);

}  // namespace toxvol::python
