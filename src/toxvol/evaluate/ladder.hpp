#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

/// The same strategy with other sizes (R56): how far does the result carry? docs/evaluate.md.

/// What the keys of the size are multiplied by.
inline constexpr std::array kMultiples = {0.5, 1.0, 2.0, 4.0, 8.0};

/// What a run of one of them left.
struct LadderRun {
  double multiple = 1.0;
  std::vector<double> position_bp;      // net of each closed position over its notional (R3)
  std::optional<double> slippage_bp{};  // of what was traded
};

struct LadderRow {
  double multiple = 1.0;
  std::int64_t positions = 0;
  std::optional<double> net_bp{}, lo{}, hi{};  // mean over positions
  std::optional<double> slippage_bp{};
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const LadderRow& row, Visit&& column) {
  column("multiple", row.multiple);
  column("positions", row.positions);
  column("net_bp", row.net_bp);
  column("lo", row.lo);
  column("hi", row.hi);
  column("slippage_bp", row.slippage_bp);
  column("note", row.note);
}

[[nodiscard]] LadderRow ladder_row(const LadderRun& run, const stats::Resampling& how);

/// The largest multiple whose net is above 0; 0 if none is, empty without rows.
[[nodiscard]] std::optional<double> largest_that_earns(const std::vector<LadderRow>& rows);

}  // namespace toxvol::evaluate
