#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/core/instrument.hpp"

namespace toxvol::catalog {

/// An instrument as a catalog holds it: frozen at the first ingest of its symbol, because every
/// file of a symbol carries the same precision.
struct StoredInstrument {
  Instrument instrument;
  Precision precision;
};

/// The dated table of a symbol, if there is one (presets/instruments).
using KnownInstruments = std::function<std::optional<Instrument>(std::string_view symbol)>;

/// Throws `Error` when it is unreadable; nothing where the catalog has none of this symbol.
[[nodiscard]] std::optional<StoredInstrument> load_instrument(const std::filesystem::path& catalog,
                                                              std::string_view symbol);
void save(const std::filesystem::path& catalog, const StoredInstrument& stored);
void forget_instrument(const std::filesystem::path& catalog, std::string_view symbol);

/// From the most decimals seen: tick and lot are one unit of the last of them, fees VIP0, minimum
/// notional 5 USDT; labelled inferred.
[[nodiscard]] StoredInstrument infer_instrument(std::string_view symbol, Precision decimals);

/// The precision of a catalog whose first ingest covers [from, to): holds every tick in force then.
[[nodiscard]] StoredInstrument known_instrument(const Instrument& instrument, Timestamp from,
                                                Timestamp to);

}  // namespace toxvol::catalog
