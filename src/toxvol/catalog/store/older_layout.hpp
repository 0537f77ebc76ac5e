#pragma once

#include <filesystem>

namespace toxvol::catalog {

/// Whether ingest wrote the catalog, or the one of which it is a view, before layout 2. Looks at
/// the manifest, or where there is none at the last file of each folder: an upgrade ends with
/// these.
[[nodiscard]] bool is_older_layout(const std::filesystem::path& catalog);

/// Throws `Error` that says how to upgrade, if so.
void require_layout(const std::filesystem::path& catalog);

}  // namespace toxvol::catalog
