#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/catalog/store/layout.hpp"

/// What a catalog holds, by the names of its files alone.
namespace toxvol::catalog {

struct DataFile {
  std::filesystem::path path;
  std::optional<Interval> interval;  // none: a name that says nothing
};

/// A folder's Parquet files in the order of their rows; none where there is no such folder.
[[nodiscard]] std::vector<DataFile> data_files(const std::filesystem::path& folder);

/// Whether `path` is a catalog rather than a folder of raw files.
[[nodiscard]] bool is_catalog(const std::filesystem::path& path);

/// Throws `Error` where there is no catalog.
void require_catalog(const std::filesystem::path& catalog);

/// Throws `Error` where there is no catalog, or one that has to be upgraded first.
void require_current_catalog(const std::filesystem::path& catalog);

/// Symbols that have any data in the catalog, sorted. Throws `Error` as `require_current_catalog`.
[[nodiscard]] std::vector<std::string> symbols(const std::filesystem::path& catalog);

}  // namespace toxvol::catalog
