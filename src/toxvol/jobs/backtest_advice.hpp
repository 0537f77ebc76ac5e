#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toxvol/jobs/backtest.hpp"

/// What a user should be told beside the numbers of a backtest.
namespace toxvol::jobs {

/// Before the run: its data are shorter than the configuration needs before its first decision.
/// One line with the two remedies; nothing where they suffice or no file can be seen.
[[nodiscard]] std::optional<std::string> too_short(const BacktestRequest& request);

/// After it: why no position came of it, and what to do. Nothing where one did.
[[nodiscard]] std::optional<std::string> why_no_position(const BacktestRequest& request,
                                                         const BacktestResult& result);

/// The summary for the terminal, with a note where the preset is for exercise alone.
[[nodiscard]] std::vector<std::string> result_lines(const BacktestRequest& request,
                                                    const BacktestResult& result);

}  // namespace toxvol::jobs
