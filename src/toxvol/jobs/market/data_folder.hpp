#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "toxvol/jobs/market/market_source.hpp"

/// What a user calls a catalog is one, and what he calls raw files is none: otherwise one line says
/// what it is and what to do.
namespace toxvol::jobs {

/// Throws `Error` for a path that is not there (then with `remedy`) or cannot be listed.
void check_readable(const std::filesystem::path& path, std::string_view remedy);

/// Throws `UsageError` for a folder of raw files, `Error` for one that is missing, cannot be read,
/// is no catalog or one to be upgraded first.
void check_catalog(const std::filesystem::path& folder);

/// Throws `UsageError` for a catalog, `Error` for a folder that cannot be read. `option` is how the
/// folders were given.
void check_raw(const std::vector<std::filesystem::path>& raw, std::string_view option);

/// Of a backtest's or of factors' data: `check_catalog` or `check_raw`.
void check_market_folders(const MarketOptions& options);

}  // namespace toxvol::jobs
