#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "toxvol/report/run_folder.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

/// At most `limit` positions in file order: those whose result is largest in size, so that nothing
/// that moved the equity is missing.
struct Positions {
  std::vector<trading::PositionRecord> shown;
  std::int64_t all = 0;
};
[[nodiscard]] Positions read_positions(const RunFolder& folder, std::size_t limit);

}  // namespace toxvol::report
