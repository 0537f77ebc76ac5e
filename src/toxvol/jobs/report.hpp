#pragma once

#include <filesystem>
#include <string>

namespace toxvol::jobs {

/// Writes the page of a run folder or a finished study, without `out` as report.html in it; where
/// it is. Candles and close-ups come from `catalog`, or the one that timing.json names; where there
/// is none the page says so. Trials are counted again in the run's log, where that is at hand.
/// Throws `Error`.
std::filesystem::path run_report(const std::filesystem::path& run, const std::string& out,
                                 const std::string& catalog = "");

/// The list of all runs and studies below `root`, as index.html in it, or in `out`; where it is.
/// Throws `Error`.
std::filesystem::path run_index(const std::filesystem::path& root, const std::string& out);

}  // namespace toxvol::jobs
