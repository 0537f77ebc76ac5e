#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "toxvol/catalog/jobs/kept_ranges.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/core/workers.hpp"

namespace toxvol::catalog {

/// What the files of one ingest share.
struct IngestShared {
  std::filesystem::path catalog;
  bool strict = false;
  Workers& workers;    // read, parse, hash and encode ahead
  KeptRanges& ranges;  // gets those of the quotes written
};

/// One file into its outputs and its sidecar, which is returned. A file that cannot be used gives a
/// sidecar that says so. Throws `Error` when writing fails, or at a bad row if `strict`.
/// `hash` is the file's, as in the manifest; empty: it is still to be found, meanwhile. `progress`
/// as in `SequenceOptions`.
[[nodiscard]] Sidecar ingest_file(const SourceFile& file, const StoredInstrument& instrument,
                                  std::string hash, const IngestShared& shared,
                                  const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace toxvol::catalog
