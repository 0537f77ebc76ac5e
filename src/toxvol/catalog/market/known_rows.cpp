#include "toxvol/catalog/market/known_rows.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

KnownRows::KnownRows(fs::path catalog) : catalog_{std::move(catalog)} {
  const fs::path path = own_folder(catalog_) / "manifest.json";
  std::error_code failure;
  if (!fs::is_regular_file(path, failure)) return;
  const Json manifest = Json::parse(io::read_file(path), nullptr, false);
  try {
    for (const Json& file : manifest.at("files")) {
      for (const Json& item : file.at("outputs")) {
        if (!item.contains("rows_sha256")) continue;
        outputs_.insert_or_assign(
            item.at("path").get<std::string>(),
            FileOfRows{.rows = item.at("rows").get<std::int64_t>(),
                       .bytes = item.at("bytes").get<std::int64_t>(),
                       .xxh3 = item.at("xxh3").get<std::string>(),
                       .rows_sha256 = item.at("rows_sha256").get<std::string>()});
      }
    }
  } catch (const Json::exception&) {  // a foreign manifest: the rows are hashed as they come
    outputs_.clear();
  }
}

std::optional<FileOfRows> KnownRows::of(const fs::path& file) const {
  const auto found = outputs_.find(file.lexically_relative(catalog_).generic_string());
  if (found == outputs_.end()) return std::nullopt;
  const FileOfRows& known = found->second;
  std::error_code failure;
  const auto bytes = fs::file_size(file, failure);
  if (failure || static_cast<std::int64_t>(bytes) != known.bytes) return std::nullopt;
  if (io::xxh3_hex_of_file(file) != known.xxh3) return std::nullopt;
  return known;
}

}  // namespace toxvol::catalog
