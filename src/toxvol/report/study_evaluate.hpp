#pragma once

#include <string>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// The page of `toxvol evaluate`, from its study.json alone (docs/evaluate.md).

/// One sentence: whether what pressure foretold was surely above its cost.
[[nodiscard]] std::string evaluate_verdict(const Json& study);
/// All that the page shows.
[[nodiscard]] Json evaluate_page(const Json& study);

/// The sentences of `verdicts` about one part, each with a capital and a full stop.
[[nodiscard]] std::string evaluate_words(const Json& study, const char* about);

/// evaluate_forecasts.cpp
[[nodiscard]] Json forecast_part(const Json& study);
[[nodiscard]] Json compression_part(const Json& study);
/// evaluate_signals.cpp
[[nodiscard]] Json decay_part(const Json& study);
[[nodiscard]] Json vpin_part(const Json& study);
/// evaluate_costs.cpp
[[nodiscard]] Json maker_part(const Json& study);
[[nodiscard]] Json cost_part(const Json& study);
[[nodiscard]] Json horizon_part(const Json& study);
[[nodiscard]] Json capacity_part(const Json& study);

}  // namespace toxvol::report
