#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

using Json = nlohmann::ordered_json;
using run::RunFolder;

/// A run's trials.json once more, as its trial log is now, with `as_of`, the time of the log's
/// newest trial (R25); null where the log is not at hand.
using TrialCount = std::function<Json(const RunFolder&)>;

/// As `run::open_run`, the trials counted again where they can be.
[[nodiscard]] RunFolder open_run(const std::filesystem::path& path, const TrialCount& count_again);

/// Rows of `<table>.parquet`. Throws `Error` for a missing or damaged file.
[[nodiscard]] std::int64_t row_count(const RunFolder& folder, std::string_view table);

/// Whether `kind` (`bookTicker` …) is an input of the run.
[[nodiscard]] bool is_input(const RunFolder& folder, std::string_view kind);

/// Decimals of the price tick in force at the window's start: 0.1 has 1.
[[nodiscard]] int tick_decimals(const RunFolder& folder);

}  // namespace toxvol::report
