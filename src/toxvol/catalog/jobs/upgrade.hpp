#pragma once

#include <cstdint>
#include <filesystem>

#include "toxvol/core/progress.hpp"

namespace toxvol::catalog {

struct UpgradeReport {
  bool was_older = false;
  std::int64_t files_rewritten = 0;
  std::int64_t files_added = 0;
};

/// Brings a catalog of layout 1, or a view of one, to the present layout (docs/data.md#layouts):
/// the same bytes as an ingest today, without the raw files. Each file appears whole or not at all,
/// and a killed upgrade is finished by the next. Nothing happens to a catalog that is up to date.
/// Throws `Error`, and `Interrupted` when the user stopped it.
[[nodiscard]] UpgradeReport upgrade(const std::filesystem::path& catalog, Progress& progress);

}  // namespace toxvol::catalog
