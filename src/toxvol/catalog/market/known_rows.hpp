#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace toxvol::catalog {

/// What the manifest says of a data file.
struct FileOfRows {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string xxh3;         // of the file
  std::string rows_sha256;  // as `RowsHash`
};

/// The data files whose rows ingest has identified, so that a run need not do it again.
class KnownRows {
 public:
  /// Of the catalog's manifest; none where there is no manifest, or an older one.
  explicit KnownRows(std::filesystem::path catalog);

  /// What ingest said of a data file, if that is still the file it wrote, byte for byte.
  [[nodiscard]] std::optional<FileOfRows> of(const std::filesystem::path& file) const;

 private:
  std::filesystem::path catalog_;
  std::map<std::string, FileOfRows> outputs_;  // by path
};

}  // namespace toxvol::catalog
