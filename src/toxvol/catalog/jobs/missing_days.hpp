#pragma once

#include <string>
#include <vector>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/ingest_finding.hpp"

namespace toxvol::catalog {

/// `DAY_MISSING` for every kind, both ends included, against the span of the klines
/// (docs/data.md#missing-days). Adjacent days are one finding; of funding it is the months that
/// count. By kind and day.
[[nodiscard]] std::vector<IngestFinding> missing_days(const Coverage& coverage,
                                                      const std::string& symbol);

}  // namespace toxvol::catalog
