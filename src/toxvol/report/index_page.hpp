#pragma once

#include <filesystem>
#include <string>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// All run folders and finished studies below `root`, sorted by path, as one JSON object for the
/// page: their figures, a link to their report.html where there is one, and the course of equity. A
/// folder that cannot be read is a row that says so. Throws `Error` where `root` is no folder.
[[nodiscard]] std::string index_data(const std::filesystem::path& root,
                                     const TrialCount& count_again = {});

}  // namespace toxvol::report
