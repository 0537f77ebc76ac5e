#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/explain/explanation.hpp"

namespace toxvol::jobs {

/// A decision or a position of a run folder. Fields are the long options as typed.
struct ExplainRequest {
  std::string run;
  std::string at;                        // or
  std::optional<std::int64_t> position;  // its number: 3 is P-3
  std::string catalog;                   // in place of the one that the run was made from, or
  std::vector<std::string> raw;
};

/// Runs the strategy once more from the same data, up to where the answer is known, and explains
/// what it did. Throws `Error` where the run folder says another thing than that, naming the
/// column, and where there is nothing to explain; `UsageError`; `Interrupted`.
[[nodiscard]] explain::Explanation run_explain(const ExplainRequest& request, Progress& progress);

}  // namespace toxvol::jobs
