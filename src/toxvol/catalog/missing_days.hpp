#pragma once

#include <vector>

#include "toxvol/catalog/coverage.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

struct KindFinding {
  Kind kind{};
  quality::Finding finding;
};

/// `DAY_MISSING` for every kind, both ends included, against the span of the klines
/// (docs/data.md#missing-days). Adjacent days are one finding; of funding it is the months that
/// count. By kind and day.
[[nodiscard]] std::vector<KindFinding> missing_days(const Coverage& coverage);

}  // namespace toxvol::catalog
