#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/coverage.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/input_log.hpp"
#include "toxvol/catalog/instrument_store.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

/// Reading a market back: from a catalog, or straight from Binance's files. Both give the same
/// records; memory holds a few blocks of each kind whatever the range.
namespace toxvol::catalog {

struct OpenedMarket {
  MarketData data;
  std::shared_ptr<InputLog> inputs;  // filled while `data` streams; outlives it
};

/// Rows with `from` <= ts_event < `to` (bars: open time) of the kinds asked for; a kind that the
/// catalog does not have is a stream without rows. Reads what NautilusTrader wrote as well: such
/// rows get their `ts_init` from their `ts_event`, as ours have. Throws `Error`, now or while
/// streaming.
[[nodiscard]] OpenedMarket open(const std::filesystem::path& catalog, std::string_view symbol,
                                Timestamp from, Timestamp to, Inputs inputs);

/// The same from raw files, nothing stored; a disordered file's rows are sorted in `spill_folder`.
[[nodiscard]] OpenedMarket open_raw(const std::vector<std::filesystem::path>& raw,
                                    std::string_view symbol, Timestamp from, Timestamp to,
                                    Inputs inputs, const std::filesystem::path& spill_folder);

/// Symbols that have any data in the catalog, sorted.
[[nodiscard]] std::vector<std::string> symbols(const std::filesystem::path& catalog);

/// What `ingest` would freeze for these files (`find_instrument`). Throws `Error` where nothing is
/// known of the symbol.
[[nodiscard]] StoredInstrument instrument_of(const std::vector<SourceFile>& files,
                                             const std::string& symbol,
                                             const KnownInstruments& known, int jobs,
                                             const std::filesystem::path& spill_folder,
                                             Progress& progress);

}  // namespace toxvol::catalog
