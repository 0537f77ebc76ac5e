#pragma once

#include <string>

#include "table.hpp"

namespace toxvol::python {

/// A Parquet table of a run folder or of `toxvol factors`. Decimals become the nearest float64
/// unless `exact`. Throws `Error`.
[[nodiscard]] Table read_table(const std::string& path, bool exact);

}  // namespace toxvol::python
