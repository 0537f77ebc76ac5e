#pragma once

#include <filesystem>

namespace toxvol::catalog {

/// Writes `toxvol/manifest.json` and `toxvol/quality.parquet` from the sidecars.
void write_manifest(const std::filesystem::path& catalog);

}  // namespace toxvol::catalog
