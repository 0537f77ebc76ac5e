#pragma once

#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::jobs {

/// Why a run cannot be made again with other sizes; empty: it can.
[[nodiscard]] std::string no_ladder(const run::RunFolder& folder, const config::Config& config);

/// The configuration with the keys of its size times `multiple`, held to what they may be.
[[nodiscard]] config::Config resized(config::Config config, double multiple);

/// Runs the strategy with each multiple over one reading of the market (R56). Throws `Error` where
/// the first multiple of 1 is not the run of the folder, and `Interrupted`.
[[nodiscard]] std::vector<evaluate::LadderRun> run_ladder(const run::RunFolder& folder,
                                                          const config::Config& config,
                                                          const Market& market,
                                                          const DataSource& source,
                                                          Progress& progress);

}  // namespace toxvol::jobs
