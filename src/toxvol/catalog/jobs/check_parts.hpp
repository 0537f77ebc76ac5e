#pragma once

#include <vector>

#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

/// `check` of raw files and of a catalog, and what both need.
namespace toxvol::catalog {

[[nodiscard]] CheckReport check_raw(const CheckOptions& options, Progress& progress);
[[nodiscard]] CheckReport check_catalog(const CheckOptions& options, Progress& progress);

/// First, last and missing ones of the days that a kind has.
void describe_days(const std::vector<Day>& days, KindReport& report);
/// Findings of the days that the report's coverage lacks.
void add_missing_days(CheckReport& report);

}  // namespace toxvol::catalog
