#include "toxvol/catalog/market/known_rows.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/written_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The hash of a file. A process hashes a file once while it stays as it is: a report opens the
/// same files for each position.
std::string xxh3_once(const fs::path& file, std::int64_t bytes) {
  struct Hashed {
    fs::file_time_type written;
    std::int64_t bytes = 0;
    std::string xxh3;
  };
  static std::mutex mutex;
  static std::map<fs::path, Hashed> hashed;
  const fs::file_time_type written = fs::last_write_time(file);
  {
    const std::scoped_lock lock{mutex};
    const auto found = hashed.find(file);
    if (found != hashed.end() && found->second.written == written && found->second.bytes == bytes) {
      return found->second.xxh3;
    }
  }
  std::string xxh3 = io::xxh3_hex_of_file(file);
  const std::scoped_lock lock{mutex};
  hashed.insert_or_assign(file, Hashed{.written = written, .bytes = bytes, .xxh3 = xxh3});
  return xxh3;
}

}  // namespace

KnownRows::KnownRows(fs::path catalog) : catalog_{std::move(catalog)} {
  const fs::path path = own_folder(catalog_) / "manifest.json";
  std::error_code failure;
  if (!fs::is_regular_file(path, failure)) return;
  const Json manifest = Json::parse(io::read_file(path), nullptr, false);
  try {
    for (const Json& file : manifest.at("files")) {
      for (const Json& item : file.at("outputs")) {
        if (!item.contains("xxh3")) continue;
        outputs_.insert_or_assign(item.at("path").get<std::string>(),
                                  FileOfRows{.rows = item.at("rows").get<std::int64_t>(),
                                             .bytes = item.at("bytes").get<std::int64_t>(),
                                             .xxh3 = item.at("xxh3").get<std::string>(),
                                             .rows_sha256 = item.value("rows_sha256", "")});
      }
    }
  } catch (const Json::exception&) {  // a foreign manifest: the rows are hashed as they come
    outputs_.clear();
  }
}

const FileOfRows* KnownRows::checked(const fs::path& file) const {
  const auto found = outputs_.find(file.lexically_relative(catalog_).generic_string());
  if (found == outputs_.end()) return nullptr;
  const FileOfRows& known = found->second;
  const auto hash = [&](const fs::path& path) { return xxh3_once(path, known.bytes); };
  if (const auto how = difference_from_written(file, known.bytes, known.xxh3, hash)) {
    throw FileError{
        file.string(),
        fmt::format("not the file that ingest wrote ({}); remove it and ingest its day again",
                    *how),
        ErrorCode::Corrupt};
  }
  return &known;
}

}  // namespace toxvol::catalog
