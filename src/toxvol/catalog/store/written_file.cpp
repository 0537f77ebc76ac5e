#include "toxvol/catalog/store/written_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/format.h>

namespace toxvol::catalog {

std::optional<std::string> difference_from_written(const std::filesystem::path& file,
                                                   std::int64_t bytes, const std::string& xxh3,
                                                   const HashOfFile& hash_of) {
  std::error_code failure;
  const auto found = std::filesystem::file_size(file, failure);
  if (failure) return "missing";
  if (static_cast<std::int64_t>(found) != bytes) {
    return fmt::format("{} bytes, and it wrote {}", found, bytes);
  }
  if (xxh3.empty()) return std::nullopt;
  const std::string hash = hash_of(file);
  if (hash != xxh3) return fmt::format("xxh3 {}, and it wrote {}", hash, xxh3);
  return std::nullopt;
}

}  // namespace toxvol::catalog
