#pragma once

#include <filesystem>
#include <string>

#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::catalog {

/// The kinds of one day in the catalog against each other. The day's quotes are read only where
/// `quotes` is null. Throws `Error`.
[[nodiscard]] quality::Findings cross_findings(const std::filesystem::path& catalog,
                                               const std::string& symbol, Day day,
                                               const quality::QuoteRanges* quotes);

}  // namespace toxvol::catalog
