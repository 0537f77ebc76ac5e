#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::python {

/// What is known of a contract at a time, or lately, as JSON: decimals as text. With a catalog,
/// precisions are those of its files. Throws `Error` where nothing is known.
[[nodiscard]] std::string instrument_json(const std::string& symbol,
                                          const std::string& catalog_path,
                                          std::optional<std::int64_t> at_ns);
/// The same of facts that are at hand.
[[nodiscard]] std::string instrument_json(const Instrument& facts, Timestamp when);

}  // namespace toxvol::python
