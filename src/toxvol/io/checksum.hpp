#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace toxvol::io {

/// One line of `sha256sum`: `<64 hex>␠␠<file>` (docs/data.md#checksums).
struct Checksum {
  std::string sha256;  // lower case
  std::string file;
};

/// Throws `Error` naming `where` unless `text` is exactly one such line; its newline may be absent.
[[nodiscard]] Checksum parse_checksum(std::string_view text, std::string_view where);

/// What `<path>.CHECKSUM` says of `path`, nothing where there is no such file. Throws `Error` when
/// it is unreadable or speaks of another file.
[[nodiscard]] std::optional<Checksum> checksum_of(const std::filesystem::path& path);

}  // namespace toxvol::io
