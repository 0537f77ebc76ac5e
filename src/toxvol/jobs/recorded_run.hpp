#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::jobs {

/// What a run was made with, from its folder, for those who look at its data again.

/// `it was made by toxvol 0.1.0 (…), this is …`.
[[nodiscard]] std::string other_version(const run::RunFolder& folder);

/// `tables`: the `config` of run.json, or that of a fold. Throws `Error` where this program has
/// other keys.
[[nodiscard]] config::Config recorded_config(const nlohmann::ordered_json& tables,
                                             const run::RunFolder& folder);

/// The run's window of `catalog` or `raw`, or, where neither is named, of the catalog that it was
/// made from. Throws `Error` where that is not there.
[[nodiscard]] MarketOptions recorded_market(const run::RunFolder& folder,
                                            const std::string& catalog,
                                            const std::vector<std::string>& raw);

}  // namespace toxvol::jobs
