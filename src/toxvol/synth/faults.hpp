#pragma once

#include <filesystem>
#include <vector>

#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {

/// The CSV file that `fault` goes into, below the output folder (docs/synth.md#faults): faults of
/// rows are spread over the tick days but the last, those that cost a whole file hit the last.
[[nodiscard]] std::filesystem::path file_of(const Params& params, Fault fault);

/// Puts the faults of CSV files into the finished tree at `root`. Those of ZIP files are
/// `zip_tree`'s.
[[nodiscard]] std::vector<Injected> inject_faults(const Params& params,
                                                  const std::filesystem::path& root);

}  // namespace toxvol::synth
