#pragma once

#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::jobs {

/// A synthetic market. Fields are the long options as typed.
struct SynthRequest {
  synth::Params params;  // less what stands below
  std::string out;
  std::string from;
  std::string plant = "none";
  std::vector<std::string> faults;
  bool has_edge = false;  // --edge-bp was given
};

/// Completes `request.params`. Throws `Error`, `UsageError` for a wrong option, and `Interrupted`.
[[nodiscard]] synth::Summary run_synth(SynthRequest& request, Progress& progress);
/// What `--json` prints.
[[nodiscard]] std::string to_json(const synth::Params& params, const synth::Summary& summary);

}  // namespace toxvol::jobs
