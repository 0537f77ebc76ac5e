#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace toxvol::study {

/// run::verify, and inference.json against the tables. One line a violation; empty for a sound run.
/// Throws `Error` for a folder that is no run.
[[nodiscard]] std::vector<std::string> verify(const std::filesystem::path& run);

}  // namespace toxvol::study
