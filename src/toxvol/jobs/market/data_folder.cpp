#include "toxvol/jobs/market/data_folder.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/older_layout.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/jobs/market/market_source.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;

/// Whether a file in it is one of Binance's by its name.
bool has_raw_files(const fs::path& folder) {
  std::error_code failure;
  fs::recursive_directory_iterator walk{folder, failure};
  for (; !failure && walk != fs::recursive_directory_iterator{}; walk.increment(failure)) {
    if (catalog::read_name(walk->path()).file) return true;
  }
  return false;
}

}  // namespace

void check_readable(const fs::path& path, std::string_view remedy) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) {
    throw Error{fmt::format("{}: no such folder; {}", path.string(), remedy), ErrorCode::NotFound};
  }
  if (!failure && fs::is_directory(status)) {
    const fs::directory_iterator listing{path, failure};
  }
  if (failure) {
    throw Error{fmt::format("{}: {}; check its permissions", path.string(), failure.message()),
                ErrorCode::Io};
  }
}

void check_catalog(const fs::path& folder) {
  check_readable(folder, fmt::format("`toxvol ingest RAW --catalog {}` makes it", folder.string()));
  if (catalog::is_catalog(folder)) return catalog::require_layout(folder);
  if (has_raw_files(folder)) {
    throw UsageError{
        fmt::format("--catalog {0}: these are Binance's files; make a catalog of them (toxvol "
                    "ingest {0} --catalog DIR) or read them as they are: --raw {0}",
                    folder.string())};
  }
  throw Error{
      fmt::format("{0}: no catalog; `toxvol ingest RAW --catalog {0}` makes one", folder.string()),
      ErrorCode::NotFound};
}

void check_raw(const std::vector<fs::path>& raw, std::string_view option) {
  for (const fs::path& folder : raw) {
    check_readable(folder, "give the folder that holds Binance's files");
    if (catalog::is_catalog(folder)) {
      throw UsageError{fmt::format("{} {}: this is a catalog; use --catalog {}", option,
                                   folder.string(), folder.string())};
    }
  }
}

void check_market_folders(const MarketOptions& options) {
  if (!options.catalog.empty()) check_catalog(options.catalog);
  check_raw({options.raw.begin(), options.raw.end()}, "--raw");
}

}  // namespace toxvol::jobs
