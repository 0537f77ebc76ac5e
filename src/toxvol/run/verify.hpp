#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace toxvol::run {

/// Reads a run folder again and checks everything that must hold between its files
/// (docs/schemas.md#verify): columns, order, the ledger's identities at every equity row, fills
/// against orders and positions, the summary, the configuration's hash and the fingerprint.
/// One line a violation, the first few of each sort; empty for a sound run. Throws `Error` for a
/// folder that is no run.
[[nodiscard]] std::vector<std::string> verify(const std::filesystem::path& run);

}  // namespace toxvol::run
