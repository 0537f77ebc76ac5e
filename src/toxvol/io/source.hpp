#pragma once

#include <filesystem>
#include <memory>

#include "toxvol/core/byte_source.hpp"

namespace toxvol::io {

/// A plain file. Throws `Error` when it cannot be opened, is not a regular file or is empty.
[[nodiscard]] std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path);

/// The one `.csv` member of a ZIP, decompressed as it is read. Throws `Error` when the file is not
/// a ZIP, is cut short, holds no or several CSV members, or the member is empty or encrypted;
/// `read` throws when the data are damaged: its last call compares the CRC, so what was read before
/// is good only once the end (0) has been seen.
[[nodiscard]] std::unique_ptr<ByteSource> open_zip(const std::filesystem::path& path);

/// `open_zip` for a name ending in `.zip`, else `open_file`.
[[nodiscard]] std::unique_ptr<ByteSource> open_source(const std::filesystem::path& path);

[[nodiscard]] bool is_zip_name(const std::filesystem::path& path);

}  // namespace toxvol::io
