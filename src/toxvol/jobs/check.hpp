#pragma once

#include <string>

#include "toxvol/catalog/jobs/check.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/what_can_run.hpp"

namespace toxvol::jobs {

/// What is in a folder. Fields are the long options as typed.
struct CheckRequest {
  std::string path;
  bool deep = false;
  int jobs = 0;
};

/// Throws `Error`, `UsageError` for a wrong option, and `Interrupted`.
[[nodiscard]] catalog::CheckReport run_check(const CheckRequest& request, Progress& progress);
/// The command that runs `choice` on what was checked.
[[nodiscard]] std::string command_of(const RunChoice& choice, const std::string& symbol,
                                     const catalog::CheckReport& report);
/// What `--json` prints.
[[nodiscard]] std::string to_json(const catalog::CheckReport& report);

}  // namespace toxvol::jobs
