#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/progress.hpp"

namespace toxvol::catalog {

/// What `ingest` freezes for the symbol's files among these: the known table, over the days of its
/// files with prices, else of all its files; or tick and lot inferred from the rows that it keeps
/// of all of them, and from nothing else (N8). Nothing without a table and such a row. A disordered
/// file's rows are sorted in `spill_folder`.
[[nodiscard]] std::optional<StoredInstrument> find_instrument(
    const std::vector<SourceFile>& files, const std::string& symbol, const KnownInstruments& known,
    int jobs, const std::filesystem::path& spill_folder, Progress& progress);

/// The same. Throws `Error` where nothing is known of the symbol.
[[nodiscard]] StoredInstrument instrument_of(const std::vector<SourceFile>& files,
                                             const std::string& symbol,
                                             const KnownInstruments& known, int jobs,
                                             const std::filesystem::path& spill_folder,
                                             Progress& progress);

}  // namespace toxvol::catalog
