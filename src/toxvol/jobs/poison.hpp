#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/poison/check.hpp"

namespace toxvol::jobs {

/// The look-ahead check of a backtest, as the command and the Python binding ask for it.
struct PoisonRequest {
  MarketOptions market;
  config::Config config;
  std::optional<SignalInput> signal{};  // a user's own, in place of the strategy's
  int trials = 8;
  std::uint64_t seed = 1;
};

/// Leaves nothing: no run folder, no trial in the log, no minutes in the catalog. Throws `Error`,
/// `UsageError` and `Interrupted`.
[[nodiscard]] PoisonResult run_poison(const PoisonRequest& request, Progress& progress);

/// What was found, a line for each trial that moved and one for fills at a price that had passed.
[[nodiscard]] std::vector<std::string> poison_findings(const PoisonResult& result);
/// What was compared, and what the check could not show.
[[nodiscard]] std::vector<std::string> poison_summary(const PoisonResult& result);
/// Both as JSON.
[[nodiscard]] std::string poison_json(const PoisonResult& result);

}  // namespace toxvol::jobs
