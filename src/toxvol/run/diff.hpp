#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace toxvol::run {

/// The first difference of each file of two run folders, in words, one line each; empty where the
/// runs are equal. `timing.json` and reports are not compared. Throws `Error` for a folder that is
/// no run.
[[nodiscard]] std::vector<std::string> diff(const std::filesystem::path& a,
                                            const std::filesystem::path& b);

}  // namespace toxvol::run
