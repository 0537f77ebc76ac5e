#pragma once

#include "toxvol/report/candles.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Adds to `data` (chart_data) what holding the contract would have made, beside equity; nothing
/// without bars.
void add_holding(const RunFolder& folder, const Candles& candles, Json& data);

/// Adds the share of each hour's minutes that were toxic or crowded.
void add_hours(const RunFolder& folder, Json& data);

}  // namespace toxvol::report
