#pragma once

#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study.hpp"
#include "toxvol/jobs/study_runner.hpp"

namespace toxvol::jobs {

/// What a band assumes of the exchange, as typed. None: the usual three.
struct BandLists {
  std::vector<std::string> queues;     // --queues
  std::vector<std::string> latencies;  // --latencies
  std::vector<std::string> tiers;      // --tiers; the usual ones as far as the fee table has them
};

/// One strategy under every combination of these assumptions: band.parquet, band_equity.parquet and
/// study.json (docs/band.md). Throws like `run_study`.
[[nodiscard]] StudyResult run_band(const StudyRequest& request, const BandLists& lists,
                                   Progress& progress);

}  // namespace toxvol::jobs
