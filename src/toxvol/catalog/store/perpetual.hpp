#pragma once

#include <filesystem>
#include <string>

#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// NautilusTrader's instrument: what is in force at the end of the data. Throws `Error`.
void write_perpetual(const std::filesystem::path& catalog, const std::string& symbol,
                     const StoredInstrument& stored, Timestamp end);

}  // namespace toxvol::catalog
