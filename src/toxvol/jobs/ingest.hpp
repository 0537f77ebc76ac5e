#pragma once

#include <string>
#include <vector>

#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/progress.hpp"

namespace toxvol::jobs {

/// Raw files into a catalog. Fields are the long options as typed.
struct IngestRequest {
  std::vector<std::string> raw;
  std::string catalog;
  std::vector<std::string> symbols;
  std::string from;
  std::string to;
  int jobs = 0;  // 0: as many as processors
  bool strict = false;
};

/// Throws `Error`, `UsageError` for a wrong option, and `Interrupted`.
[[nodiscard]] catalog::IngestReport run_ingest(const IngestRequest& request, Progress& progress);
/// What `--json` prints.
[[nodiscard]] std::string to_json(const catalog::IngestReport& report);

}  // namespace toxvol::jobs
