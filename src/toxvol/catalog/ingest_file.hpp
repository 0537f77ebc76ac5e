#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/instrument_store.hpp"
#include "toxvol/catalog/sidecar.hpp"

namespace toxvol::catalog {

/// One file into its outputs and its sidecar, which is returned. A file that cannot be used gives a
/// sidecar that says so. Throws `Error` when writing fails, or at a bad row if `strict`.
/// `hash` is the file's, as in the manifest; `progress` as in `SequenceOptions`.
[[nodiscard]] Sidecar ingest_file(const SourceFile& file, const std::filesystem::path& catalog,
                                  const StoredInstrument& instrument, const std::string& hash,
                                  bool strict,
                                  const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace toxvol::catalog
