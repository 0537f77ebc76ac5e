#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace toxvol::catalog {

/// What the manifest says of a data file.
struct FileOfRows {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::string xxh3;         // of the file
  std::string rows_sha256;  // as `RowsHash`; empty: not of ticks
};

/// What ingest said of the data files that it wrote.
class KnownRows {
 public:
  /// Of the catalog's manifest; nothing where there is no manifest, or an older one.
  explicit KnownRows(std::filesystem::path catalog);

  /// Throws `FileError` where a data file is no longer the one that ingest wrote, byte for byte.
  /// Gives what ingest said; null of a file that it does not know.
  const FileOfRows* checked(const std::filesystem::path& file) const;

 private:
  std::filesystem::path catalog_;
  std::map<std::string, FileOfRows> outputs_;  // by path
};

}  // namespace toxvol::catalog
