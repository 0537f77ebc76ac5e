#pragma once

#include <filesystem>
#include <string_view>

namespace toxvol::io {

/// Appends whole lines, each ended by a line feed, to a file that several processes write: waits
/// for the lock file `lock`, ends what a killed writer left unfinished with a line feed, writes all
/// lines at once and makes them durable. What stood there is never changed. The file is made where
/// there is none, its folder is not. Throws `Error`.
void append_lines(const std::filesystem::path& path, const std::filesystem::path& lock,
                  std::string_view lines);

}  // namespace toxvol::io
