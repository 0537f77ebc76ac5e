#include "toxvol/catalog/store/listing.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/older_layout.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

bool has_manifest(const fs::path& catalog) {
  std::error_code failure;
  return fs::is_regular_file(own_folder(catalog) / "manifest.json", failure);
}

}  // namespace

std::vector<DataFile> data_files(const fs::path& folder) {
  std::vector<DataFile> files;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return files;
  for (const auto& item : fs::directory_iterator{folder}) {
    if (item.path().extension() != ".parquet") continue;
    files.push_back(
        {.path = item.path(), .interval = interval_of(item.path().filename().string())});
  }
  std::sort(files.begin(), files.end(), [](const DataFile& a, const DataFile& b) {
    const Timestamp left = a.interval ? a.interval->first : Timestamp::min();
    const Timestamp right = b.interval ? b.interval->first : Timestamp::min();
    return left != right ? left < right : a.path < b.path;
  });
  return files;
}

bool is_catalog(const fs::path& path) {
  if (has_manifest(path)) return true;
  std::error_code failure;
  return fs::is_directory(path / folder_of(Table::Perpetual), failure) ||
         std::any_of(kKinds.begin(), kKinds.end(), [&](Kind kind) {
           return fs::is_directory(path / folder_of(table_of(kind)), failure);
         });
}

void require_catalog(const fs::path& catalog) {
  std::error_code failure;
  if (fs::is_directory(catalog / "data", failure)) return;
  // An ingest of which no file could be used has left its manifest, which names them.
  if (has_manifest(catalog)) return;
  throw Error{fmt::format("{}: no catalog there; make one with: toxvol ingest RAW --catalog {}",
                          catalog.string(), catalog.string()),
              ErrorCode::NotFound};
}

void require_current_catalog(const fs::path& catalog) {
  require_catalog(catalog);
  require_layout(catalog);
}

std::vector<std::string> symbols(const fs::path& catalog) {
  require_current_catalog(catalog);
  constexpr std::string_view kSuffix = "-PERP.BINANCE";
  std::set<std::string> found;
  std::error_code failure;
  for (const Kind kind : kKinds) {
    const fs::path folder = catalog / folder_of(table_of(kind));
    if (!fs::is_directory(folder, failure)) continue;
    for (const auto& item : fs::directory_iterator{folder}) {
      const std::string name = item.path().filename().string();
      const std::size_t end = name.find(kSuffix);
      if (end != std::string::npos) found.insert(name.substr(0, end));
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace toxvol::catalog
