#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace toxvol::catalog {

using HashOfFile = std::function<std::string(const std::filesystem::path&)>;

/// How `file` differs from what ingest wrote, in words for a bracket: `missing`, `12 bytes, and it
/// wrote 34`, `xxh3 …, and it wrote …`. Nothing where it does not. `hash_of` is asked where the
/// size is right; without `xxh3` (a catalog of an older toxvol) the size alone is compared.
[[nodiscard]] std::optional<std::string> difference_from_written(const std::filesystem::path& file,
                                                                 std::int64_t bytes,
                                                                 const std::string& xxh3,
                                                                 const HashOfFile& hash_of);

}  // namespace toxvol::catalog
