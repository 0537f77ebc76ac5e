#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {

/// A fault as it was put in: what a loader should find.
struct Injected {
  Fault fault{};
  std::string file;       // below the output folder
  std::int64_t rows = 0;  // touched; 0 where the whole file is
};

struct Summary {
  std::int64_t files = 0;
  std::int64_t quotes = 0;
  std::int64_t trades = 0;
  std::vector<Injected> injected;
};

/// Name of the marker in the output folder by which every later stage knows the data as synthetic.
inline constexpr const char* kMarkerName = "SYNTHETIC.json";

/// Writes a market to `params.out` (docs/synth.md). The folder appears whole or not at all. The
/// same parameters give the same bytes. Throws `UsageError` for impossible parameters, `Error` for
/// an output folder that is in the way or cannot be written.
Summary generate(Params params, Progress& progress);

}  // namespace toxvol::synth
