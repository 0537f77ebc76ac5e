#include "toxvol/catalog/store/staging.hpp"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

void remove_leftovers(const fs::path& catalog) {
  std::error_code failure;
  fs::remove_all(staging_folder(catalog), failure);
  std::vector<fs::path> leftovers;
  for (const auto& item : fs::recursive_directory_iterator{
           catalog, fs::directory_options::skip_permission_denied, failure}) {
    if (io::is_temporary(item.path())) leftovers.push_back(item.path());
  }
  for (const fs::path& path : leftovers) fs::remove(path, failure);
}

void remove_former_versions(const fs::path& catalog, Table table, std::string_view symbol,
                            const std::vector<Output>& kept) {
  std::error_code failure;
  for (const DataFile& file : data_files(catalog / folder_of(table, symbol))) {
    if (!file.interval) continue;
    const Day unit = unit_of(file.interval->first, table);
    for (const Output& output : kept) {
      if (output.unit != unit || fs::path{output.path}.filename() == file.path.filename()) continue;
      fs::remove(file.path, failure);
    }
  }
}

}  // namespace toxvol::catalog
