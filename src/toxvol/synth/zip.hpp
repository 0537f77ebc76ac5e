#pragma once

#include <filesystem>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {

/// Replaces every CSV file below `root` by `<name>.zip` and `<name>.zip.CHECKSUM`, as on Binance's
/// site, with the faults of ZIP files that were asked for. Same CSV, same bytes.
void zip_tree(const Params& params, const std::filesystem::path& root,
              std::vector<Injected>& injected, Progress& progress);

}  // namespace toxvol::synth
