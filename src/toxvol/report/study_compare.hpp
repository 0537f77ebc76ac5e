#pragma once

#include <filesystem>
#include <string>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// The page of `toxvol compare --out`, from its study.json and compare_equity.parquet
/// (docs/compare.md).

/// One sentence: whether the runs differ from the first by more than chance.
[[nodiscard]] std::string compare_verdict(const Json& study);
/// All that the page shows.
[[nodiscard]] Json compare_page(const std::filesystem::path& folder, const Json& study);

}  // namespace toxvol::report
