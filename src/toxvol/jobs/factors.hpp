#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/jobs/market/market_source.hpp"

namespace toxvol::jobs {

/// One row of factors for each closed minute, as a table.
struct FactorsRequest {
  MarketOptions market;
  config::Config config;
  std::filesystem::path out;
  bool force = false;
};

using FactorRowSink = std::function<void(const factors::FactorRow& row)>;

/// Shows each row that opens in the market's window, in order, folded and warmed up on its own.
/// Throws `Error` and `Interrupted`.
void stream_factors(Market& market, const config::Config& config, const FactorRowSink& sink,
                    Progress& progress);

/// How many rows it wrote. Throws `Error`, `UsageError` for a wrong option, and `Interrupted`.
std::int64_t run_factors(const FactorsRequest& request, Progress& progress);

}  // namespace toxvol::jobs
