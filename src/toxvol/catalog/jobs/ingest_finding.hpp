#pragma once

#include <string>

#include "toxvol/core/kind.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

/// One line a person should see. `file` is empty where it is about several.
struct IngestFinding {
  std::string file;
  std::string symbol;
  Kind kind{};
  quality::Finding finding;
};

}  // namespace toxvol::catalog
