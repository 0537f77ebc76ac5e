#pragma once

#include <string>

#include "toxvol/catalog/raw/discovery.hpp"

namespace toxvol::catalog {

/// Whether a `.CHECKSUM` lies beside the file; it is right then. `hash` is the file's as in the
/// manifest, or empty where it is not known yet. Throws `SourceError` for a wrong one.
bool verify_checksum(const SourceFile& file, const std::string& hash = {});

}  // namespace toxvol::catalog
