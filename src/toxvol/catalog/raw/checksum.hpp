#pragma once

#include <optional>
#include <string>

#include "toxvol/catalog/raw/discovery.hpp"

namespace toxvol::catalog {

/// The file's SHA-256 where a `.CHECKSUM` lies beside it, which is right then; else nothing. `hash`
/// is the file's as in the manifest, or empty where it is not known yet. Throws `SourceError` for a
/// wrong one.
std::optional<std::string> verify_checksum(const SourceFile& file, const std::string& hash = {});

}  // namespace toxvol::catalog
