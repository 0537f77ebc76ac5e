#pragma once

#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

using Json = nlohmann::ordered_json;
using run::RunFolder;

/// Rows of `<table>.parquet`. Throws `Error` for a missing or damaged file.
[[nodiscard]] std::int64_t row_count(const RunFolder& folder, std::string_view table);

/// Whether `kind` (`bookTicker` …) is an input of the run.
[[nodiscard]] bool is_input(const RunFolder& folder, std::string_view kind);

/// Decimals of the price tick in force at the window's start: 0.1 has 1.
[[nodiscard]] int tick_decimals(const RunFolder& folder);

}  // namespace toxvol::report
