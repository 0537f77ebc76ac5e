#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// A row of positions.parquet as the page needs it; decimals in units of 1e-8.
struct Position {
  std::string id, side;
  std::optional<std::string> alpha, regime, exit_role;
  Timestamp open{};
  std::optional<Timestamp> close;
  std::int64_t qty = 0, entry = 0;
  std::optional<std::int64_t> exit, stop, take_profit, slippage;
  std::int64_t fills = 0;
  std::int64_t realised = 0, fees = 0, funding = 0, net = 0;
  std::optional<double> mae_bp, mfe_bp, sigma;
  std::optional<bool> tailwind;
};

/// At most `limit` positions in file order: those whose result is largest in size, so that nothing
/// that moved the equity is missing.
struct Positions {
  std::vector<Position> shown;
  std::int64_t all = 0;
};
[[nodiscard]] Positions read_positions(const RunFolder& folder, std::size_t limit);

}  // namespace toxvol::report
