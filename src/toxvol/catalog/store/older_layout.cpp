#include "toxvol/catalog/store/older_layout.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// What the first line of a manifest says. It can be megabytes, so the rest is not read.
std::optional<int> schema_of_manifest(const fs::path& catalog) {
  std::ifstream file{own_folder(catalog) / "manifest.json", std::ios::binary};
  std::array<char, 64> head{};
  file.read(head.data(), head.size());
  const std::string_view text{head.data(), static_cast<std::size_t>(file.gcount())};
  constexpr std::string_view kKey = "\"schema\": ";
  const std::size_t at = text.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  int schema = 0;
  std::from_chars(text.data() + at + kKey.size(), text.data() + text.size(), schema);
  return schema;
}

/// Whether the last file of one of the table's folders is of layout 1.
bool is_older_table(const fs::path& folder) {
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return false;
  for (const auto& item : fs::directory_iterator{folder}) {
    const std::vector<DataFile> files = data_files(item.path());
    if (!files.empty() && columnar::is_layout_1(files.back().path.string())) return true;
  }
  return false;
}

}  // namespace

bool is_older_layout(const fs::path& catalog) {
  if (const auto schema = schema_of_manifest(catalog)) return *schema < kLayout;
  constexpr std::array kChanged{Table::Perpetual, Table::Flow, Table::Metrics, Table::Funding};
  for (const Table table : kChanged) {
    if (is_older_table(catalog / folder_of(table))) return true;
  }
  return false;
}

void require_layout(const fs::path& catalog) {
  if (!is_older_layout(catalog)) return;
  throw Error{fmt::format("{0}: an older toxvol wrote this catalog; bring it up to date, without "
                          "the raw files: toxvol catalog upgrade {0}",
                          catalog.string()),
              ErrorCode::Corrupt};
}

}  // namespace toxvol::catalog
