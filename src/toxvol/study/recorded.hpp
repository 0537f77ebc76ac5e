#pragma once

#include <filesystem>

#include "toxvol/run/run_folder.hpp"
#include "toxvol/study/equity_curve.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

/// A run that has been made, from its folder.
namespace toxvol::study {

/// Throws `Error` for a damaged table.
[[nodiscard]] RunReturns read_returns(const std::filesystem::path& run, Unit unit);

/// Throws `Error` for a damaged table.
[[nodiscard]] EquityCurve read_curve(const std::filesystem::path& run);

/// What the tables and documents say; its body, decisions, entries and curve stay empty.
[[nodiscard]] Outcome read_outcome(const run::RunFolder& folder, Unit unit);

}  // namespace toxvol::study
