#pragma once

#include "toxvol/io/partial_folder.hpp"

/// The folders that commands make of runs.
namespace toxvol::run {

inline constexpr io::FolderKind kRunFolder{.name = "run folder", .file = "run.json"};
inline constexpr io::FolderKind kEvaluateFolder{.name = "folder of evaluate",
                                                .file = "decay.parquet"};
inline constexpr io::FolderKind kCompareFolder{.name = "folder of compare",
                                               .file = "compare_equity.parquet"};

}  // namespace toxvol::run
